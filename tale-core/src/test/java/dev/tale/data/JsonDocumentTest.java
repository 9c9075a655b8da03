package dev.tale.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonDocumentTest {
  @TempDir Path folder;

  @Test
  void anArrayHoldsTheRows() throws IOException {
    List<DataRow> rows = read("\uFEFF[{\"a\": 1}, {\"a\": 2},\r\n\r\n  {\n\"a\": 3}\r]\n");
    assertThat(rows).extracting(row -> row.fields().get("a").intValue()).containsExactly(1, 2, 3);
    assertThat(rows)
        .extracting(DataRow::place)
        .containsExactly("line 1", "line 1, row 2", "line 3");
  }

  @Test
  void anObjectHoldsOneArrayOfRows() throws IOException {
    List<DataRow> rows =
        read(
            """
            {
              "canary": "do not train on this",
              "about": {"versions": [1, 2]},
              "examples": [
                {"input": "not True is", "target": "False"},
                {
                  "input": "True is",
                  "target": "True"
                }
              ]
            }
            """);
    assertThat(rows).extracting(DataRow::place).containsExactly("line 5", "line 6");
    assertThat(rows.get(1).fields()).hasToString("{\"input\":\"True is\",\"target\":\"True\"}");
  }

  @Test
  void anObjectOnOneLineIsADocumentToo() throws IOException {
    assertThat(read("{\"examples\": [{\"a\": 1}, {\"a\": 2}]}\n\n")).hasSize(2);
  }

  @Test
  void jsonLinesUnderThisNameAreRead() throws IOException {
    List<DataRow> rows = read("\n{\"a\": [{}]}\n\n{\"a\": [{}]}\n");
    assertThat(rows).extracting(DataRow::place).containsExactly("line 2", "line 4");
    assertThatThrownBy(() -> read("{\"a\": 1}\n{\"a\": 1\n"))
        .hasMessageContaining("line 2: The JSON ends in the middle");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [{"a": 1}             | line 1: The JSON ends in the middle of a value
          [{"a": 1}]]           | line 1: Not JSON, near column 11
          [{"a": 1}] [{"a": 1}] | line 1: The file goes on after its JSON value
          {"a": [{}]} {"b": 1}  | line 1: The file goes on after its JSON value
          {"a":~[{}]~}~{"b": 1} | line 4: The file goes on after its JSON value
          [{"a": 1},~{"a": 1, "a": 2}]   | line 2: Not JSON, near column 13: Duplicate field 'a'
          {"a": [{}], "a": 1}   | Duplicate field 'a'
          [{"a": 1},~2]         | line 2: Row 2 of the array is not an object
          [[{"a": 1}]]          | line 1: Row 1 of the array is not an object
          {"a": [1, 2]}         | line 1: Row 1 of the array is not an object
          {"a": [{}],~"b": []}  | line 2: The object has the two arrays "a" and "b"
          {"a": {"b": [{}]}}    | line 1: The object has no array of rows
          {}                    | line 1: The object has no array of rows
          "a"                   | line 1: The file holds neither an array of rows nor an object
          true                  | line 1: The file holds neither an array of rows nor an object
          [{"a": NaN}]          | line 1: Unusable, near column 11: NaN is no number
          [{"a": 1e9999}]       | line 1: Unusable, near column 14: The number 1E+9999 has a decimal exponent
          hello                 | line 1: Not JSON
          """)
  void whatIsNoListOfRowsIsRefused(String text, String problem) {
    assertThatThrownBy(() -> read(text.replace('~', '\n')))
        .isInstanceOf(DataFormatException.class)
        .hasMessageStartingWith(folder.resolve("rows.json") + ", ")
        .hasMessageContaining(problem);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() throws IOException {
    byte[] bytes = "[{\"a\":\n\"?\"}]".getBytes(UTF_8);
    bytes[8] = (byte) 0xFF;
    Path file = Files.write(folder.resolve("bytes.json"), bytes);
    assertThatThrownBy(() -> DataFile.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageStartingWith(file + ", line 2: Bytes FF at byte offset 8 are not UTF-8");
  }

  @Test
  void nestingIsBounded() {
    assertThatThrownBy(() -> read("[".repeat(100_000)))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("line 1: ");
    assertThatThrownBy(() -> read("{\"a\":".repeat(100_000)))
        .isInstanceOf(DataFormatException.class);
  }

  private List<DataRow> read(String text) throws IOException {
    return DataFile.read(Files.writeString(folder.resolve("rows.json"), text));
  }
}
