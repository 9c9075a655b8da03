package dev.tale.math;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinalIntegerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "#### 42 | 42",
        "5 #### 6 #### 7 or 8 | 7",
        "steps 3 #### -12.75 | -12",
        "#### $18 | 18",
        "#### 1,234 | 1",
        "total is 1,234 #### none | 1234",
        "total is 1,234. | 1234",
        "no mark, 3 then -4 | -4",
        "#### -0.5 | 0",
        "#### 007 | 7",
        "#### 3-5 | 3",
        "#### \u0664\u0662 | 42",
        "#### 12345678901234567890 | 12345678901234567168"
      })
  void of_asTheScriptsTakeIt(String text, String answer) {
    assertThat(FinalInteger.of(text)).contains(answer);
  }

  @Test
  void of_withoutNumberOrBeyondDouble_isEmpty() {
    assertThat(FinalInteger.of("####")).isEmpty();
    assertThat(FinalInteger.of("none")).isEmpty();
    assertThat(FinalInteger.of("#### " + "9".repeat(400))).isEmpty();
  }
}
