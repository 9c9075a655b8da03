package dev.tale.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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

class DelimitedTextTest {
  @TempDir Path folder;

  @Test
  void theHeaderNamesTheFields() throws IOException {
    List<DataRow> rows = read("\uFEFFquestion,A\r\nx,1\r\n");
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).fields()).hasToString("{\"question\":\"x\",\"A\":\"1\"}");
    assertThat(rows.get(0).place()).isEqualTo("line 2");
  }

  @Test
  void columnsStandForAMissingHeader() throws IOException {
    List<DataRow> rows = read("x,1\ny,2", "question", "answer");
    assertThat(rows).extracting(DataRow::place).containsExactly("line 1", "line 2");
    assertThat(rows.get(1).fields()).hasToString("{\"question\":\"y\",\"answer\":\"2\"}");
  }

  @Test
  void everyFieldIsTheTextThatStandsThere() throws IOException {
    DataRow row = read("a,b,c,d,e,f,g\nNA,None,,\"\", 007 ,1e5,nan\n").get(0);
    assertThat(row.fields())
        .hasToString(
            "{\"a\":\"NA\",\"b\":\"None\",\"c\":\"\",\"d\":\"\",\"e\":\" 007 \",\"f\":\"1e5\","
                + "\"g\":\"nan\"}");
  }

  @Test
  void quotedFieldsHoldSeparatorsQuotesAndLines() throws IOException {
    List<DataRow> rows =
        read("a,b\n\"x,\"\"y\"\"\",\"1\r\n2\n\n3\"\n\nit's \"so\",#c\n\"\",\u2028\n");
    assertThat(rows.get(0).fields().get("a").textValue()).isEqualTo("x,\"y\"");
    assertThat(rows.get(0).fields().get("b").textValue()).isEqualTo("1\r\n2\n\n3");
    assertThat(rows.get(1).fields().get("a").textValue()).isEqualTo("it's \"so\"");
    assertThat(rows.get(1).fields().get("b").textValue()).isEqualTo("#c");
    assertThat(rows).extracting(DataRow::place).containsExactly("line 2", "line 7", "line 8");
  }

  @Test
  void linesMayEndWithCarriageReturns() throws IOException {
    assertThat(read("a,b\r1,2\r\r3,4\r"))
        .extracting(DataRow::place)
        .containsExactly("line 2", "line 4");
  }

  @Test
  void tabsSeparateInTsv() throws IOException {
    Path file = Files.writeString(folder.resolve("rows.tsv"), "a\tb\n1,2\t\"x\ty\"\n");
    assertThat(DataFile.read(file).get(0).fields()).hasToString("{\"a\":\"1,2\",\"b\":\"x\\ty\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a,b~1,2~~"x~y",2,3~     | line 4: The row has 3 fields, the file 2 columns [a, b]
          a,b~1,2~3               | line 3: The row has 1 fields, the file 2 columns [a, b]
          a,b~1,2~3,              | ''
          a,b,a~1,2,3             | line 1: The header names the column "a" twice
          a,b~1,"2~3,4~           | line 2: Unclosed quoted field
          a,b~1,2~"x              | line 3: Unclosed quoted field
          a,b~1,"2"x~             | line 2:
          """)
  void whatIsNoTableIsRefused(String text, String problem) throws IOException {
    if (problem.isEmpty()) {
      assertThat(read(text.replace('~', '\n'))).hasSize(2);
      return;
    }
    assertThatThrownBy(() -> read(text.replace('~', '\n')))
        .isInstanceOf(DataFormatException.class)
        .hasMessageStartingWith(folder.resolve("rows.csv") + ", ")
        .hasMessageContaining(problem);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() throws IOException {
    Path file = folder.resolve("latin.csv");
    Files.write(file, "a,b\n\"x\ny\",caf\u00E9\n".getBytes(ISO_8859_1));
    assertThatThrownBy(() -> DataFile.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageStartingWith(file + ", line 3: Bytes E9 at byte offset 13 are not UTF-8");
  }

  @Test
  void fieldLengthIsBounded() {
    String text = "a\n\"" + "x".repeat(StrictJson.MAX_LENGTH + 10);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(String.valueOf(StrictJson.MAX_LENGTH));
  }

  private List<DataRow> read(String text, String... columns) throws IOException {
    return DataFile.read(Files.writeString(folder.resolve("rows.csv"), text), List.of(columns));
  }
}
