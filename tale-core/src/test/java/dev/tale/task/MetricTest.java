package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.Response;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricTest {

  private static Outcome outcome(Metric metric, List<String> choices, int gold, double... sums) {
    Task task =
        Task.multipleChoice("t", List.of(gold), row -> Example.multipleChoice("Q", choices, row))
            .withMetric(metric);
    return task.outcome(0, likelihoods(sums));
  }

  private static List<Response> likelihoods(double... sums) {
    return DoubleStream.of(sums)
        .<Response>mapToObj(sum -> new Response.LogLikelihood(sum, 3, false))
        .toList();
  }

  @Test
  void acc_largestSumWins() {
    List<String> choices = List.of("no", "yes", "perhaps");
    assertThat(outcome(Metric.acc(), choices, 1, -3, -1, -2))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(true, "yes");
    assertThat(outcome(Metric.acc(), choices, 2, -3, -1, -2))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(false, "yes");
  }

  @Test
  void acc_firstOfEqualSumsWins() {
    assertThat(outcome(Metric.acc(), List.of("a", "b", "c"), 1, -2, -1, -1).correct()).isTrue();
    double impossible = Double.NEGATIVE_INFINITY;
    assertThat(outcome(Metric.acc(), List.of("a", "b"), 0, impossible, impossible).correct())
        .isTrue();
  }

  @Property
  void acc_picksTheFirstMaximum(@ForAll @Size(min = 2, max = 6) List<Byte> sums) {
    double[] scores = sums.stream().mapToDouble(Byte::doubleValue).toArray();
    List<String> choices = List.of("a", "b", "c", "d", "e", "f").subList(0, scores.length);
    int first = sums.indexOf(sums.stream().max(Byte::compare).orElseThrow());
    assertThat(outcome(Metric.acc(), choices, first, scores))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(true, choices.get(first));
  }

  @Test
  void accNorm_dividesByCodePoints() {
    // Four thumbs are 4 code points, 8 UTF-16 units and 16 bytes: -8/4 < -1.5/1, but -8/8 > -1.5/1.
    List<String> choices = List.of("\uD83D\uDC4D".repeat(4), "x");
    assertThat(outcome(Metric.accNorm(), choices, 1, -8, -1.5).correct()).isTrue();
    assertThat(outcome(Metric.accNorm(), choices, 0, -5.9, -1.5).correct()).isTrue();
    assertThat(outcome(Metric.accBytes(), choices, 0, -8, -1.5).correct()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"NaN, -1", "-1, NaN", "NaN, NaN"})
  void oneScoreNotANumber_wrongWithAnswerNaN(double first, double second) {
    for (Metric metric : List.of(Metric.acc(), Metric.accNorm(), Metric.accBytes())) {
      assertThat(outcome(metric, List.of("a", "b"), 0, first, second))
          .extracting(Outcome::correct, Outcome::answer)
          .containsExactly(false, "NaN");
    }
  }

  @Test
  void ofChoices_scoresAsTold() {
    Metric perToken = Metric.ofChoices("per_token", (choice, r) -> r.sum() / choice.indexOf('b'));
    assertThat(perToken.name()).isEqualTo("per_token");
    assertThat(outcome(perToken, List.of("ab", "aaab"), 1, -1, -1).correct()).isTrue();
  }

  @Test
  void exactMatch_isExact() {
    assertThat(Metric.exactMatch().matches("True", "True")).isTrue();
    assertThat(Metric.exactMatch().matches(" True", "True")).isFalse();
    assertThat(Metric.exactMatch().matches("true", "True")).isFalse();
    assertThat(Metric.exactMatch().matches("True.", "True")).isFalse();
  }

  @Test
  void exactMatch_ignoringCase_inAnyLocale() {
    ExactMatch metric = Metric.exactMatch().ignoringCase();
    assertThat(metric.matches("TITLE I", "title i")).isTrue();
    assertThat(metric.matches("ΟΔΟΣ", "οδος")).isTrue();
  }

  @Test
  void exactMatch_ignoringPunctuation_onlyAscii() {
    ExactMatch metric = Metric.exactMatch().ignoringPunctuation();
    assertThat(metric.matches("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~x", "x")).isTrue();
    assertThat(metric.matches("«x»", "x")).isFalse();
    assertThat(metric.matches("x y", "xy")).isFalse();
  }

  @Test
  void exactMatch_removesExpressionsInOrderBeforeCase() {
    ExactMatch gsm8k =
        Metric.exactMatch().ignoringCase().ignoring(",", "\\$", "(?s).*#### ", "\\.$");
    assertThat(gsm8k.matches("$1,234.", "Some steps.\nMore: 5 #### 6\n#### 1234")).isTrue();
    assertThat(Metric.exactMatch().ignoringCase().ignoring("X").matches("xXa", "XA")).isFalse();
  }

  /** Python's $ is also before a last line feed, but not before other line ends. */
  @Test
  void exactMatch_expressionsReadLinesAsPythonDoes() {
    ExactMatch metric = Metric.exactMatch().ignoring("\\.$");
    assertThat(metric.matches("a.\n", "a\n")).isTrue();
    assertThat(metric.matches("a.\r\n", "a\r\n")).isFalse();
    assertThat(metric.matches("a.\u2028", "a\u2028")).isFalse();
  }

  @Test
  void description_tellsMetricsApart() {
    ExactMatch strict = Metric.exactMatch();
    List<String> descriptions =
        List.of(
            Metric.acc().description(),
            Metric.accNorm().description(),
            Metric.accBytes().description(),
            Metric.ofChoices("acc", (choice, response) -> 0).description(),
            Metric.ofAnswers("acc", String::equals).description(),
            strict.description(),
            strict.ignoringCase().description(),
            strict.ignoringPunctuation().description(),
            strict.ignoring("a", "b").description(),
            strict.ignoring("b", "a").description(),
            strict.ignoring("a, b").description(),
            strict.ignoring("a\", \"b").description());
    assertThat(descriptions).doesNotHaveDuplicates();
  }

  @Test
  void blankName_isRefused() {
    assertThatThrownBy(() -> Metric.ofChoices(" ", (choice, response) -> 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\" \"");
    assertThatThrownBy(() -> Metric.ofAnswers("", String::equals))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static boolean matches(Metric metric, String answer, String reference) {
    return ((AnswerMetric) metric).matches(answer, reference);
  }

  @Test
  void mathematics() {
    assertThat(matches(Metric.hendrycksMath(), "\\tfrac 12", "1/2")).isTrue();
    assertThat(matches(Metric.hendrycksMath(), "1+x", "x+1")).isFalse();
    assertThat(matches(Metric.minervaMath(), "\\frac{1}{2}", "$x = \\frac12$")).isTrue();
    assertThat(matches(Metric.minervaMath(), "0.5", "\\frac12")).isTrue();
    assertThat(matches(Metric.minervaMath(), "1+x", "x+1")).isFalse();
    assertThat(Metric.hendrycksMath().name()).isEqualTo("exact_match");
    assertThat(Metric.minervaMath().name()).isEqualTo("exact_match");
  }

  @Test
  void numeric_byValueWithinTheTolerance() {
    assertThat(matches(Metric.numeric(), "18", "18.0")).isTrue();
    assertThat(matches(Metric.numeric(), "$3,244,047.10", "3244047.0999999996")).isTrue();
    assertThat(matches(Metric.numeric(0), "$3,244,047.10", "3244047.0999999996")).isFalse();
    assertThat(matches(Metric.numeric(0), "-9435680550", "-9435680550.0")).isTrue();
    assertThat(matches(Metric.numeric(), "[invalid]", "[invalid]")).isFalse();
    assertThat(Metric.numeric().name()).isEqualTo("numeric_match");
  }

  @Test
  void numeric_badTolerance_isRefused() {
    for (double tolerance : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Metric.numeric(tolerance))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tolerance is " + tolerance);
    }
  }
}
