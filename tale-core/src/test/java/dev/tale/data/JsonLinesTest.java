package dev.tale.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tale.model.DataFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {
  @TempDir Path folder;

  @Test
  void rowsKnowTheirLines() throws IOException {
    List<DataRow> rows = read("{\"a\": 1}\n\n \t\n{\"a\": 2}\r\n{\"a\": 3}\r{\"a\": 4}");
    assertThat(rows)
        .extracting(DataRow::place)
        .containsExactly("line 1", "line 4", "line 5", "line 6");
    assertThat(rows)
        .extracting(row -> row.fields().get("a").intValue())
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void otherLineSeparatorsAreText() throws IOException {
    List<DataRow> rows = read("{\"a\": \"\u2028\u0085\u2029\f\"}".replace("\f", "\\f") + "\n");
    assertThat(rows.get(0).fields().get("a").textValue()).isEqualTo("\u2028\u0085\u2029\f");
  }

  @Test
  void theByteOrderMarkIsDropped() throws IOException {
    DataRow row = read("\uFEFF{\"\uFEFFa\": \"\uFEFF\"}").get(0);
    assertThat(row.fields().get("\uFEFFa").textValue()).isEqualTo("\uFEFF");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "NA", "None", "null", "", " 007 ", "1e5"})
  void textStaysText(String text) throws IOException {
    assertThat(value("\"" + text + "\"").textValue()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "18.0",
        "-3.50",
        "9284017268534.4",
        "0.1000000000000000055511151231257827",
        "-0.0",
        "1E+13"
      })
  void decimalsKeepTheirDigits(String number) throws IOException {
    assertThat(value(number).decimalValue()).isEqualTo(new BigDecimal(number));
    assertThat(value(number).asText()).isEqualTo(new BigDecimal(number).toString());
  }

  @Test
  void wholeNumbersKeepTheirDigits() throws IOException {
    assertThat(value("9007199254740993").longValue()).isEqualTo(9007199254740993L);
    assertThat(value("18446744073709551616").bigIntegerValue()).isEqualTo(BigInteger.TWO.pow(64));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a": 1                 | ends in the middle of a value
          {"a": "b                | ends in the middle of a value
          {"a": 1} {"b": 2}       | goes on after its object, near column 10
          {"a": 1}]               | column 9: Unexpected close marker
          {"a": 1}, x             | column 9
          {"a": 1, "b": {"c": 1, "c": 2}} | Duplicate field 'c'
          [{"a": 1}]              | holds an array, not an object
          "a"                     | holds a string, not an object
          1                       | holds a number, not an object
          true                    | holds a boolean, not an object
          null                    | holds null, not an object
          {"a": NaN}              | NaN is no number
          {"a": -Infinity}        | -Infinity is no number
          {"a": 01}               | column 8
          {'a': 1}                | column 2
          {"a": 1,}               | column 9
          // comment              | column 1
          {"a": 1e9999}           | decimal exponent beyond the limit of 1000
          {"a": -1E-2147483648}   | exponent beyond any limit
          {"a": "\\ud83d"}        | lone surrogate \\uD83D at character 0
          {"a": "\\ude00\\ud83d"} | lone surrogate \\uDE00 at character 0
          {"\\ud83d": 1}          | Broken surrogate pair
          """)
  void aMalformedRowIsRefusedByItsLine(String row, String problem) throws IOException {
    assertThatThrownBy(() -> read("{\"a\": 1}\r\n\r\n" + row + "\n{\"a\": 1}\n"))
        .isInstanceOf(DataFormatException.class)
        .hasMessageStartingWith(folder.resolve("rows.jsonl") + ", line 3: ")
        .message()
        .containsIgnoringCase(problem);
  }

  @Test
  void aLastLineThatIsCutShortIsRefused() {
    assertThatThrownBy(() -> read("{\"a\": 1}\n{\"a\": \"some te"))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("line 2: The JSON ends in the middle of a value; the file was cut");
  }

  @Test
  void aLineBreakInATextIsRefused() {
    assertThatThrownBy(() -> read("{\"a\": \"b\nc\"}")).hasMessageContaining("line 1: ");
    assertThatThrownBy(() -> read("{\"a\": \"b\rc\"}")).hasMessageContaining("line 1: ");
  }

  @Test
  void nestingIsBounded() throws IOException {
    int depth = StrictJson.MAX_DEPTH - 1;
    assertThat(value("[".repeat(depth) + "]".repeat(depth)).isArray()).isTrue();
    for (int deeper : new int[] {depth + 1, 1_000_000}) {
      assertThatThrownBy(() -> value("[".repeat(deeper) + "]".repeat(deeper)))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining("line 1: ")
          .hasMessageContaining(String.valueOf(StrictJson.MAX_DEPTH));
    }
  }

  @Test
  void digitsAreBounded() {
    String digits = "1".repeat(StrictJson.MAX_DIGITS + 1);
    for (String number : List.of(digits, "0." + digits)) {
      assertThatThrownBy(() -> value(number))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining(String.valueOf(StrictJson.MAX_DIGITS));
    }
  }

  @Test
  void lineLengthIsBounded() throws IOException {
    String text = "x".repeat(StrictJson.MAX_LENGTH - 10);
    assertThat(value("\"" + text + "\"").textValue()).isEqualTo(text);
    assertThatThrownBy(() -> read("\n" + " ".repeat(StrictJson.MAX_LENGTH + 1)))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("line 2: The line has more than the limit of 16777216 characters");
  }

  @ParameterizedTest
  @CsvSource({"C3, 2", "FF, 1", "C0AF, 1", "EDA080, 1", "F4908080, 1", "E282, 2", "C328, 1"})
  void bytesThatAreNotUtf8AreRefused(String hex, int unused) throws IOException {
    byte[] bytes = java.util.HexFormat.of().parseHex(hex);
    for (int lines : new int[] {0, 3, 20_000}) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      file.writeBytes("{\"a\": \"\u00E9\"}\r\n".repeat(lines).getBytes(UTF_8));
      file.writeBytes("{\"a\": \"".getBytes(UTF_8));
      int offset = file.size();
      file.writeBytes(bytes);
      file.writeBytes("\"}\n".getBytes(UTF_8));
      assertThatThrownBy(() -> read(file.toByteArray()))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining(", line " + (lines + 1) + ": Bytes " + hex.substring(0, 2))
          .hasMessageContaining("at byte offset " + offset + " are not UTF-8");
    }
  }

  @Test
  void bytesAtTheEndAreNotForgotten() {
    byte[] cut = "{\"a\": 1}\n\u00E9".getBytes(UTF_8);
    assertThatThrownBy(() -> read(java.util.Arrays.copyOf(cut, cut.length - 1)))
        .hasMessageContaining("line 2: Bytes C3 at byte offset 9");
    assertThatThrownBy(() -> read("{\"a\": \"\u00E9\"}".getBytes(ISO_8859_1)))
        .hasMessageContaining("line 1: Bytes E9 at byte offset 7");
  }

  @Test
  void buffersMayEndAnywhere() throws IOException {
    for (int padding = 0; padding < 12; padding++) {
      String first = "{\"p\": \"" + "x".repeat((1 << 16) - 20 + padding) + "\"}\r\n";
      List<DataRow> rows = read(first + "{\"a\": \"\uD83D\uDE00\u00E9\u20AC\"}\r\n{\"a\": 1}");
      assertThat(rows.get(1).fields().get("a").textValue()).isEqualTo("\uD83D\uDE00\u00E9\u20AC");
      assertThat(rows).extracting(DataRow::place).containsExactly("line 1", "line 2", "line 3");
    }
  }

  private JsonNode value(String json) throws IOException {
    return read("{\"a\":" + json + "}").get(0).fields().get("a");
  }

  private List<DataRow> read(String text) throws IOException {
    return read(text.getBytes(UTF_8));
  }

  private List<DataRow> read(byte[] bytes) throws IOException {
    return DataFile.read(Files.write(folder.resolve("rows.jsonl"), bytes));
  }
}
