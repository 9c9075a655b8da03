package dev.tale.bench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowCountTest {
  @TempDir Path directory;

  private long count(String name, String text) throws IOException {
    return RowCount.of(Files.writeString(directory.resolve(name), text));
  }

  @Test
  void linesThatAreNotBlank() throws IOException {
    assertThat(count("a.jsonl", "{\"a\": 1}\r\n\n  \n{\"a\": 2}")).isEqualTo(2);
  }

  @Test
  void delimitedRowsWithLineFeedsInQuotationMarks() throws IOException {
    assertThat(count("a.csv", "q,\"a\nb\",\"\"\"c\"\n\r\nq,d,e")).isEqualTo(2);
    assertThat(count("b.csv", "q,a\nq,b\n")).isEqualTo(2);
  }

  @Test
  void objectsOfTheOutermostList() throws IOException {
    assertThat(count("a.json", "[{\"a\": {\"b\": [{}]}}, {}]")).isEqualTo(2);
    assertThat(count("b.json", "{\"canary\": \"c\", \"examples\": [{\"a\": {}}, {}, {}]}"))
        .isEqualTo(3);
  }
}
