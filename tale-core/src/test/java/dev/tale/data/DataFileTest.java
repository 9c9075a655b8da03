package dev.tale.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no data file at all; the formats have their own tests. */
class DataFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a.jsonl    | {"a": 1}
          a.ndjson   | {"a": 1}
          A.JSONL    | {"a": 1}
          a.b.json   | [{"a": 1}]
          a.test.csv | a,b;1,2
          a.TSV      | a\tb;1\t2
          """)
  void theEndingSaysTheFormat(String name, String text) throws IOException {
    Path file = write(name, text.replace(';', '\n').getBytes(UTF_8));
    assertThat(DataFile.read(file)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows.txt", "rows", "jsonl", "rows.jsonl.bak", "rows.xlsx", "rows.arrow"})
  void anotherEndingIsRefused(String name) throws IOException {
    Path file = write(name, "{\"a\": 1}".getBytes(UTF_8));
    assertThatThrownBy(() -> DataFile.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessage(
            file
                + ": The name does not say the format; rename the file to end in .jsonl, .ndjson,"
                + " .json, .csv, .tsv, .parquet");
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("missing.jsonl");
    assertThatThrownBy(() -> DataFile.read(file))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContainingAll(file.toString(), "There is no such data file");
  }

  @Test
  void aDirectoryIsRefused() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("test.jsonl"));
    assertThatThrownBy(() -> DataFile.read(directory))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("is a directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.ndjson", "a.json", "a.csv", "a.tsv", "a.parquet"})
  void anEmptyFileIsRefused(String name) throws IOException {
    assertRefused(write(name, new byte[0]), "The file is empty");
  }

  @ParameterizedTest
  @CsvSource({
    "blank.jsonl, '\n \n\r\n'",
    "blank.json, '\n'",
    "none.json, '[ ]'",
    "none.json, '{\"canary\": \"x\", \"examples\": []}'",
    "header.csv, 'a,b\n'",
    "header.tsv, 'a\tb\n\n'",
    "mark.jsonl, '\uFEFF'"
  })
  void aFileWithoutRowsIsRefused(String name, String text) throws IOException {
    assertRefused(write(name, text.getBytes(UTF_8)), "The file holds no rows");
  }

  @ParameterizedTest
  @ValueSource(strings = {"test.jsonl", "test.json", "test.csv", "test.parquet"})
  void aPointerIsNotTheData(String name) throws IOException {
    String pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:"
            + "0".repeat(64)
            + "\nsize 895104\n";
    assertRefused(write(name, pointer.getBytes(UTF_8)), "Git LFS pointer, not the data");
    assertRefused(
        write(name, "/annex/objects/SHA256E-s9--1.jsonl".getBytes(UTF_8)), "git-annex pointer");
  }

  @ParameterizedTest
  @CsvSource({
    "1F8B0800, gzip",
    "504B0304, zip",
    "425A6839, bzip2",
    "FD377A585A00, xz",
    "28B52FFD, zstd"
  })
  void aPackedFileIsRefused(String bytes, String packer) throws IOException {
    byte[] head = java.util.HexFormat.of().parseHex(bytes);
    assertRefused(write("test.jsonl", head), "packed (" + packer + ")");
    assertRefused(write("test.parquet", head), "packed (" + packer + ")");
  }

  @Test
  void contentMustAgreeWithTheName() throws IOException {
    assertRefused(
        write("test.jsonl", "PAR1\0\0\0\0PAR1".getBytes(ISO_8859_1)), "is a Parquet file");
    assertRefused(
        write("test.parquet", "{\"a\": 1}".getBytes(UTF_8)), "does not begin as a Parquet file");
    assertRefused(
        write("test.csv", "\uFEFF\n <!DOCTYPE html><html>".getBytes(UTF_8)), "is a web page, not");
    assertRefused(write("test.csv", "a,b\n1,2\n".getBytes(UTF_16)), "is UTF-16");
    assertRefused(
        write("test.csv", "a\0,\0b\0\n\0".getBytes(UTF_8)), "a zero byte, as UTF-16 does");
  }

  @Test
  void aRowIsRefusedByItsPlace() throws IOException {
    Path file = write("a.jsonl", "\n{\"a\": 1}".getBytes(UTF_8));
    DataRow row = DataFile.read(file).get(0);
    assertThat(row.refusal("\"a\" is 1, a text is wanted"))
        .hasMessage(file + ", line 2: \"a\" is 1, a text is wanted");
  }

  private static void assertRefused(Path file, String problem) {
    assertThatThrownBy(() -> DataFile.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(problem);
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }
}
