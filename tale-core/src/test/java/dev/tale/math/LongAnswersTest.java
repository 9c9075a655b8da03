package dev.tale.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long answers take time that grows with their length, not its square. */
@Tag("slow")
class LongAnswersTest {
  private static final int LENGTH = 100_000;

  /** Linear time is well under a second for each; quadratic would be many minutes. */
  private static final Duration SOON = Duration.ofSeconds(20);

  @ParameterizedTest
  @ValueSource(strings = {"1_", "$", "\\text{", "sqrt[", "Final Answer: The final answer is"})
  @Tag("nightly")
  void aMillionCharactersTakeTenTimesAsLong(String part) {
    String text = part.repeat(10 * LENGTH / part.length()) + "\n1";
    assertTimeoutPreemptively(SOON, () -> read(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "1_",
        "1,234",
        ",123",
        " ",
        "x",
        "$",
        "\\text{",
        "\\boxed{",
        "sqrt[",
        "sqrt",
        "\\frac",
        "Final Answer: The final answer is",
        " I hope it is correct",
        "{",
        "}",
        "\n",
        "\\fbox{",
        "####",
        "1.",
        ".5",
        "1e",
        "-",
        "a ",
        "\\a",
        "=",
        "\\sqrt",
        "/",
        "\u0661",
        "\uD83D\uDE00"
      })
  void everyAnswerIsReadInLinearTime(String part) {
    String text = part.repeat(LENGTH / part.length()) + "\n1";
    assertTimeoutPreemptively(SOON, () -> read(text));
  }

  private static void read(String text) {
    Boxed.content(text);
    FinalInteger.of(text);
    HendrycksMath.equivalent(text, HendrycksMath.answer(text) + "1");
    MinervaMath.equivalent(MinervaMath.answer(text), MinervaMath.normalized(text));
    Numeral.last(text);
    Numeral.close(text, text, BigDecimal.ONE);
    Numeral.close(text.strip(), text.strip(), BigDecimal.ONE);
  }

  @Test
  void numbersWithoutMeasureAreNoNumbers() {
    assertThat(Numeral.value("1e1000000000")).isEmpty();
    assertThat(Numeral.value("1e-1000000000")).isEmpty();
    assertThat(Numeral.value("1e99999999999999999999")).isEmpty();
    assertThat(Numeral.value("1".repeat(10_000))).isPresent();
    assertThat(Numeral.value("1".repeat(10_001))).isEmpty();
    String fraction = "1".repeat(9_999) + "/1";
    assertThat(MinervaMath.equivalent(fraction, "1".repeat(9_999))).isTrue();
    assertThat(MinervaMath.equivalent("1" + fraction, "1".repeat(10_001))).isFalse();
  }

  @Test
  void lines_areNormalizedEachByItself() {
    assertThat(MinervaMath.normalized("x$1$y\n\\text{b}\\text{c")).isEqualTo("1\nb\\text{c");
    assertThat(MinervaMath.normalized("sqrt[3]xsqrt[2]{y}sqrt[sqrt[4]z"))
        .isEqualTo("sqrt[3]{x}sqrt[2]{y}sqrt[sqrt[4]{z}");
    assertThat(
            MinervaMath.answer(
                "Final Answer: The final answer is 1\n"
                    + "Final Answer: The final answer is $2$. I hope it is correct."))
        .isEqualTo("2");
  }
}
