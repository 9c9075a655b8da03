package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values of regular expressions are what Python's re.findall and str.strip() give. */
class ExtractionTest {
  private static final String TRUE_FALSE = "\\b(True|False)\\b";
  private static final String FLEXIBLE = "(-?[$0-9.,]{2,})|(-?[0-9]+)";

  @Test
  void asIs_changesNothing() {
    assertThat(Extraction.asIs().extract(" a\n")).isEqualTo(" a\n");
  }

  @Test
  void trimmed_removesWhatPythonCallsWhiteSpace() {
    String spaces = " \t\n\u000b\f\r\u001c\u001d\u001e\u001f\u0085\u00a0\u1680\u2003\u2028\u3000";
    assertThat(Extraction.trimmed().extract(spaces + "a b" + spaces)).isEqualTo("a b");
    assertThat(Extraction.trimmed().extract("\u200ba\ufeff")).isEqualTo("\u200ba\ufeff");
  }

  @Test
  void ends_whatFollowsThemChangesNothing() {
    for (Extraction extraction :
        List.of(
            Extraction.firstLine(), Extraction.before("Q", "\n\n").then(Extraction.trimmed()))) {
      for (String end : extraction.ends()) {
        for (String before : List.of("", " B ", "B C")) {
          assertThat(extraction.extract(before + end + "Q more \n\n and\n more"))
              .isEqualTo(extraction.extract(before));
        }
      }
    }
    assertThat(Extraction.before("Q", "\n\n").ends()).containsExactly("Q", "\n\n");
    assertThat(Extraction.trimmed().then(Extraction.firstLine()).ends()).isEmpty();
  }

  @Test
  void firstLine_endsAtTheFirstLineFeed() {
    assertThat(Extraction.firstLine().extract(" B \nC")).isEqualTo("B");
    assertThat(Extraction.firstLine().extract("B")).isEqualTo("B");
    assertThat(Extraction.firstLine().extract("\nB")).isEmpty();
    assertThat(Extraction.trimmed().then(Extraction.firstLine()).extract("\n\nB\nC"))
        .isEqualTo("B");
  }

  @ParameterizedTest
  @CsvSource({
    "' True.', True, True",
    "'not True is False', True, False",
    "'Truest or true', [invalid], [invalid]",
    "'', [invalid], [invalid]"
  })
  void match_oneGroup(String text, String first, String last) {
    assertThat(Extraction.firstMatch(TRUE_FALSE).extract(text)).isEqualTo(first);
    assertThat(Extraction.lastMatch(TRUE_FALSE).extract(text)).isEqualTo(last);
  }

  @ParameterizedTest
  @CsvSource({
    "'so 7 apples', 7, 7",
    "'3 and $1,234.50 make it', 3, '$1,234.50'",
    "'it is -42', -42, -42",
    "'none', [invalid], [invalid]"
  })
  void match_severalGroups_firstThatIsNotEmpty(String text, String first, String last) {
    assertThat(Extraction.firstMatch(FLEXIBLE).extract(text)).isEqualTo(first);
    assertThat(Extraction.lastMatch(FLEXIBLE).extract(text)).isEqualTo(last);
  }

  @Test
  void match_noGroup_isTheWholeMatchTrimmed() {
    assertThat(Extraction.firstMatch("= .* ").extract("x = 5 ;")).isEqualTo("= 5");
  }

  @Test
  void match_groupThatTookNoPart_isEmptyIfItIsTheOnlyOne() {
    assertThat(Extraction.firstMatch("a(b)?").extract("ac")).isEmpty();
    assertThat(Extraction.firstMatch("a(b)?(c)?").extract("ad")).isEqualTo("[invalid]");
  }

  @Test
  void match_lookBehindAndUnicodeWords() {
    assertThat(Extraction.firstMatch("(?<=the answer is )(.*)(?=.)").extract("the answer is True."))
        .isEqualTo("True");
    assertThat(Extraction.firstMatch("\\w+").extract("«été»")).isEqualTo("été");
    assertThat(Extraction.firstMatch("\\d+").extract("x٣")).isEqualTo("٣");
  }

  @Test
  void then_runsInOrder() {
    Extraction upperFirst =
        Extraction.named("first 3", text -> text.substring(0, 3)).then(Extraction.trimmed());
    assertThat(upperFirst.extract("a  b")).isEqualTo("a");
  }

  @Test
  void description_tellsExtractionsApart() {
    List<String> descriptions =
        List.of(
            Extraction.asIs().description(),
            Extraction.trimmed().description(),
            Extraction.firstLine().description(),
            Extraction.firstMatch("a").description(),
            Extraction.lastMatch("a").description(),
            Extraction.named("a", t -> t).then(Extraction.named("b", t -> t)).description(),
            Extraction.named("a\") | named(\"b", t -> t).description(),
            Extraction.named("trimmed", text -> text).description(),
            Extraction.trimmed().then(Extraction.firstLine()).description(),
            Extraction.firstLine().then(Extraction.trimmed()).description());
    assertThat(descriptions).doesNotHaveDuplicates();
    assertThat(Extraction.lastMatch("a").description())
        .isEqualTo(Extraction.lastMatch("a").description());
  }

  @Test
  void badInput_isRefused() {
    assertThatThrownBy(() -> Extraction.firstMatch("(")).isInstanceOf(PatternSyntaxException.class);
    assertThatThrownBy(() -> Extraction.named("", text -> text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name");
  }

  @ParameterizedTest
  @CsvSource({"'yes\nQ: no', yes", "'yes Q: no\n', 'yes '", "'Q: ', ''", "'plain', plain"})
  void before_cutsAtEachStopInTurn(String text, String rest) {
    assertThat(Extraction.before("\n", "Q:").extract(text)).isEqualTo(rest);
  }

  @Test
  void before_emptyStop_isRefused() {
    assertThatThrownBy(() -> Extraction.before("a", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[a, ]");
  }

  @Test
  void mathematics() {
    assertThat(Extraction.boxed().extract("so \\boxed{\\frac{1}{2}}.")).isEqualTo("\\frac{1}{2}");
    assertThat(Extraction.boxed().extract("no box")).isEqualTo(Extraction.INVALID);
    assertThat(Extraction.hendrycksMath().extract("it is $x$, or $y$.")).isEqualTo("x$, or $y");
    assertThat(Extraction.minervaMath().extract("Final Answer: The final answer is $\\frac12$. "))
        .isEqualTo("\\frac{1}{2}");
    assertThat(Extraction.minervaMath().extract("7")).isEqualTo("[invalidanswer]");
    assertThat(Extraction.lastNumber().extract("3 or $4,000.50.")).isEqualTo("$4,000.50");
    assertThat(Extraction.lastNumber().extract("none")).isEqualTo(Extraction.INVALID);
    assertThat(Extraction.finalInteger().extract("3 #### 4.9 5")).isEqualTo("4");
    assertThat(Extraction.finalInteger().extract("none")).isEqualTo(Extraction.INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "a\\", "(?(1)a|b)", "[", "[^", "(?P<n", "*a"})
  void match_whatIsNoExpression_isRefusedAsItWasGiven(String regex) {
    assertThatThrownBy(() -> Extraction.match(regex, 0))
        .isInstanceOf(PatternSyntaxException.class)
        .hasMessageContaining(regex);
  }
}
