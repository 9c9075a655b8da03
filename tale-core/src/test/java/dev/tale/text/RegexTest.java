package dev.tale.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
  /** As long as a slow machine may take for what takes a second. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final String DIGITS = "1,".repeat(500_000);

  @Test
  void expressionsThatRecurse_findOnAMillionCharacters() {
    Regex answer = Regex.compile("(?:.|\n)*answer (\\d+)");
    String text = "no\n".repeat(300_000) + "answer 42";
    assertThat(answer.isLinear(text)).isTrue();
    assertThat(answer.all(text).get(0).get(1)).isEqualTo("42");
    List<List<@Nullable String>> digits = Regex.compile("(\\d|,)+").all("x " + DIGITS);
    assertThat(digits).hasSize(1);
    assertThat(digits.get(0)).containsExactly(DIGITS, ",");
    assertThat(Regex.compile("(a|b)*").removedFrom("ab".repeat(5000) + "c")).isEqualTo("c");
    assertThat(Regex.compile("(\\d|,)+$").matches(DIGITS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+(?=b)",
        "(a|a)*\\b!",
        "(a|aa)+(?<!a)$",
        "(.*)*\\1b",
        "(a?a?a?a?a?a?a?a?)*!",
        "((a*)*)*(?!a)b",
        "(?m)(a+)+$b",
        "a.*b|a",
        "()\\1{100000000}(?=b)"
      })
  void expressionsThatExplode_areRefusedSoon(String regex) {
    String text = "a".repeat(20_000);
    assertTimeoutPreemptively(
        SOON,
        () ->
            assertThatThrownBy(() -> Regex.compile(regex).all(text))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining(Excerpt.of(regex))
                .hasMessageContaining("on a text of 20000 characters, \"" + "a".repeat(80) + "...")
                .hasMessageContaining("write it without"));
  }

  @Test
  void deepRecursion_isRefusedWithTheExpression() {
    assertThatThrownBy(() -> Regex.compile("(?:a|b)*(?=c)").all("ab".repeat(100_000) + "c"))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("(?:a|b)*(?=c)")
        .hasMessageContaining("nests deeper than the stack can hold")
        .hasMessageContaining("look-around");
  }

  /** These would try more ways than they look at characters: no limit of looks would end them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "((?:){100000000}){100000000}",
        "(?:|){30}x(?=y)",
        "(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)x(?=y)",
        "(a?)?(a?)?(a?)?(a?)?(a?)?(a?)?(a?)?(a?)?(a?)?(a?)?(a?)?(a?)?(a?)?(a?)?x",
        "(?x)( a? ){3}",
        "(?i:a?){3}",
        "a{1000000000000}"
      })
  void repetitionsOfNothing_areRefused(String regex) {
    assertThatThrownBy(() -> Regex.compile(regex)).isInstanceOf(PatternSyntaxException.class);
  }

  @Test
  void expressionsThatCannotBeCompiled_areRefused() {
    assertThatThrownBy(() -> Regex.compile("(".repeat(5000) + ")".repeat(5000)))
        .isInstanceOf(PatternSyntaxException.class)
        .hasMessageContaining("too deep");
    assertThatThrownBy(() -> Regex.compile("a".repeat(10_001)))
        .isInstanceOf(PatternSyntaxException.class)
        .hasMessageContaining("10001 characters");
    assertTimeoutPreemptively(SOON, () -> Regex.compile("((a{1000}){1000}){1000}").all("aaa"));
  }

  @ParameterizedTest
  @CsvSource({
    "(\\d+)$, '7\n', false",
    "(\\d+)$, 7, true",
    "'^[a-z]+', a, true",
    "(.)\\1{2}, aaa, false",
    "\\bA\\b, A, false",
    "'(?i)answer: ([A-D])', a, true",
    "(?P<letter>[A-D]), A, true",
    "(?s).*#### , a, true",
    "(a*)*, a, false",
    "[^\\W\\d], a, false",
    "(?:a{1001}), a, false",
  })
  void whatRe2CanRun_itRuns(String regex, String text, boolean linear) {
    assertThat(Regex.compile(regex).isLinear(text)).isEqualTo(linear);
  }

  @Test
  void references_repeat() {
    assertThat(Regex.compile("(.)\\1{2,}").all("aabbbb").get(0)).containsExactly("bbbb", "b");
  }

  /** Wherever RE2/J runs an expression, the JDK's engine finds the same, groups included. */
  @Test
  void bothEnginesFindTheSame() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int linear = 0;
    for (int i = 0; i < 4000; i++) {
      // Java's engine keeps groups of attempts that failed, where groups are in groups.
      boolean nested = random.nextBoolean();
      String regex = expression(random, nested ? 3 : 1);
      String text = text(random);
      Regex compiled = compiled(regex);
      if (compiled != null && compiled.isLinear(text)) {
        linear++;
        assertThat(shown(compiled.all(text), nested))
            .as("seed %d: %s on %s", seed, regex, text)
            .isEqualTo(shown(byJdk(regex, text), nested));
      }
    }
    System.out.println("RegexTest: seed " + seed + ", " + linear + " of 4000 linear");
    assertThat(linear).isGreaterThan(1000);
  }

  private static List<List<@Nullable String>> shown(
      List<List<@Nullable String>> matches, boolean withoutGroups) {
    return withoutGroups ? matches.stream().map(m -> m.subList(0, 1)).toList() : matches;
  }

  private static @Nullable Regex compiled(String regex) {
    try {
      return Regex.compile(regex);
    } catch (PatternSyntaxException e) {
      return null;
    }
  }

  private static List<List<@Nullable String>> byJdk(String regex, String text) {
    Matcher matcher =
        Pattern.compile(
                PythonSyntax.of(regex).java(), Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES)
            .matcher(text);
    List<List<@Nullable String>> all = new ArrayList<>();
    while (matcher.find()) {
      all.add(new Scan.Backtracking(matcher).match());
    }
    return all;
  }

  private static String expression(Random random, int depth) {
    StringBuilder text = new StringBuilder(random.nextInt(12) == 0 ? "(?i)" : "");
    for (int i = random.nextInt(4); i >= 0; i--) {
      text.append(atom(random, depth)).append(pick(random, "", "", "*", "+", "?", "*?", "{2}"));
      text.append(random.nextInt(6) == 0 ? "|" : "");
    }
    return text.toString();
  }

  private static String atom(Random random, int depth) {
    if (depth > 0 && random.nextInt(3) == 0) {
      String open = pick(random, "(", "(?:", "(?P<g_" + random.nextInt(1000) + ">", "(?s:");
      return open + expression(random, depth - 1).replace("(?i)", "") + ")";
    }
    return pick(
        random, "a", "b", "1", ".", "\\d", "\\w", "\\s", "[ab]", "[^a]", "\\W", "$", "^", "\n", "é",
        "[\\d,]", "\\S", "{", "\\D");
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(10); i > 0; i--) {
      text.append(pick(random, "a", "b", "A", "1", " ", "\n", "é", "\u2003", "\u0661", ",", "{"));
    }
    return text.toString();
  }

  private static String pick(Random random, String... texts) {
    return texts[random.nextInt(texts.length)];
  }
}
