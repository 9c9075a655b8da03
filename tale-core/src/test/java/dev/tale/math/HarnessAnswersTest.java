package dev.tale.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Compares with what lm-evaluation-harness makes of the same texts, see {@code src/test/python}.
 */
class HarnessAnswersTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNode HARNESS = read("harness.json");
  private static final Path MATH_500 =
      Path.of("../../shared/data/math500/math500_test.original.jsonl");

  private static JsonNode read(String resource) {
    try (InputStream in = HarnessAnswersTest.class.getResourceAsStream(resource)) {
      return MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertAll(String part, Function<String, Optional<String>> function) {
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    for (JsonNode pair : HARNESS.get(part)) {
      String text = pair.get(0).textValue();
      expected.add(text + " -> " + pair.get(1).textValue());
      actual.add(text + " -> " + function.apply(text).orElse(null));
    }
    assertThat(actual).isNotEmpty().isEqualTo(expected);
  }

  private static void assertPairs(String part, BiPredicate<String, String> function) {
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    for (JsonNode triple : HARNESS.get(part)) {
      String one = triple.get(0).textValue();
      String other = triple.get(1).textValue();
      expected.add(one + " and " + other + " " + triple.get(2).booleanValue());
      actual.add(one + " and " + other + " " + function.test(one, other));
    }
    assertThat(actual).isNotEmpty().isEqualTo(expected);
  }

  @Test
  void hendrycks_normalForms() {
    assertAll("hendrycks", HendrycksMath::normalized);
  }

  @Test
  void hendrycks_equality() {
    assertPairs("hendrycksEqual", HendrycksMath::equivalent);
  }

  @Test
  void hendrycks_answers() {
    assertAll("dollars", text -> Optional.of(HendrycksMath.answer(text)));
  }

  @Test
  void minerva_normalForms() {
    assertAll("minerva", text -> Optional.of(MinervaMath.normalized(text)));
  }

  @Test
  void minerva_answers() {
    assertAll("final", text -> Optional.of(MinervaMath.answer(text)));
  }

  /** The harness stops at a box that is not {@code \boxed}; here it has a content. */
  @Test
  void boxed_contents() {
    assertAll("boxed", text -> Boxed.content(text).filter(content -> text.contains("\\boxed")));
  }

  /** Never right where the harness is wrong; where it is right by algebra, wrong here. */
  @Test
  void minerva_equality_isWithinTheHarness() {
    for (JsonNode triple : HARNESS.get("minervaEqual")) {
      String one = triple.get(0).textValue();
      String other = triple.get(1).textValue();
      boolean harness = triple.get(2).booleanValue();
      assertThat(MinervaMath.equivalent(one, other))
          .as("<%s> and <%s>", one, other)
          .isEqualTo(harness && !byAlgebra(one, other));
    }
  }

  private static boolean byAlgebra(String one, String other) {
    return !one.equals(other)
        && List.of("1+x", "x+1", "\\sqrt{8}", "2\\sqrt{2}", "+7", "1,000").stream()
            .anyMatch(text -> text.equals(one) || text.equals(other));
  }

  /** Of the file itself only digests are kept. */
  @Test
  void math500_normalFormsOfItsSolutions() throws IOException {
    assumeTrue(Files.isRegularFile(MATH_500), MATH_500 + " is not there");
    List<String> solutions =
        Files.readAllLines(MATH_500).stream().map(HarnessAnswersTest::solution).toList();
    JsonNode expected = HARNESS.get("mathFile");
    assumeTrue(
        digest(solutions).equals(expected.get("solutions").textValue()),
        MATH_500 + " has other rows than the golden file is of");
    List<String> boxed = solutions.stream().map(s -> Boxed.content(s).orElse("None")).toList();
    assertThat(digest(boxed)).isEqualTo(expected.get("boxed").textValue());
    assertThat(digest(map(boxed, b -> HendrycksMath.normalized(b).orElse("None"))))
        .isEqualTo(expected.get("hendrycks").textValue());
    assertThat(digest(map(boxed, MinervaMath::normalized)))
        .isEqualTo(expected.get("minerva").textValue());
    assertThat(
            digest(
                map(
                    boxed,
                    b ->
                        MinervaMath.answer(
                            "Final Answer: The final answer is $"
                                + b
                                + "$. I hope it is correct."))))
        .isEqualTo(expected.get("finalAnswers").textValue());
    assertThat(boxed).allMatch(box -> HendrycksMath.equivalent(box, box));
  }

  private static List<String> map(List<String> texts, Function<String, String> function) {
    return texts.stream().map(function).toList();
  }

  private static String solution(String line) {
    try {
      return MAPPER.readTree(line).get("solution").textValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(List<String> texts) {
    return Hashing.sha256().hashString(String.join("\0", texts), StandardCharsets.UTF_8).toString();
  }
}
