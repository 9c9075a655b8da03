package dev.tale.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumeralTest {
  private static final BigDecimal THOUSANDTH = new BigDecimal("0.001");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "18 | 18.0",
        "-3.50 | -3.5",
        "$1,234,567.89 | 1234567.89",
        "-$5 | -5",
        "+7. | 7",
        ".5 | 0.5",
        "1e13 | 10000000000000",
        "1.5E-3 | 0.0015",
        "9435680550.0 | 9435680550",
        "12345678901234567890123 | 12345678901234567890123",
        "\u22123 | -3",
        "007 | 7"
      })
  void value_asPeopleWriteIt(String text, String value) {
    assertThat(Numeral.value(" " + text + "\n"))
        .hasValueSatisfying(read -> assertThat(read).isEqualByComparingTo(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-",
        ".",
        "1,5",
        "1,2345",
        ",123",
        "12,34,567",
        "1.2.3",
        "1e",
        "e5",
        "1e999999999999",
        "1e309",
        "nan",
        "Infinity",
        "0x10",
        "18 eggs",
        "[invalid]",
        "1 000",
        "--1",
        "1-2"
      })
  void value_ofWhatIsNoNumber_isEmpty(String text) {
    assertThat(Numeral.value(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "so 8 * 3 = $24.50. | $24.50",
        "it is -1,382,862,000.0 dollars | -1,382,862,000.0",
        "1e13! | 1e13",
        "10-3 | 3",
        "first 5, then 6, | 6",
        "1,5 | 5"
      })
  void last_asItIsWritten(String text, String number) {
    assertThat(Numeral.last(text)).contains(number);
  }

  @Test
  void last_withoutNumber_isEmpty() {
    assertThat(Numeral.last("none, . -")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "18, 18.0, true",
    "3244047.1, 3244047.0999999996, true",
    "18.0009, 18, true",
    "18.001, 18, false",
    "-18, 18, false",
    "2147483648, 2147483649, false",
    "9435680550, 9435680550.0, true",
    "one, 1, false",
    "1, '', false"
  })
  void close_byLessThanTheTolerance(String text, String other, boolean close) {
    assertThat(Numeral.close(text, other, THOUSANDTH)).isEqualTo(close);
  }

  @Property
  void value_readsWhatJavaWrites(@ForAll BigDecimal number) {
    assertThat(Numeral.value(number.toString()))
        .hasValueSatisfying(read -> assertThat(read).isEqualByComparingTo(number));
  }

  @Property
  void value_readsThousandsCommas(
      @ForAll @BigRange(min = "-1e15", max = "1e15") BigDecimal number) {
    String grouped = String.format(Locale.ROOT, "%,.2f", number);
    assertThat(Numeral.value(grouped))
        .hasValueSatisfying(
            read -> assertThat(read).isEqualByComparingTo(grouped.replace(",", "")));
    assertThat(Numeral.last("it is " + grouped + " then")).contains(grouped);
  }
}
