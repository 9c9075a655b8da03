package dev.tale.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.LayerMask;
import dev.tale.task.Outcome;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Map<String, String> RUN = Map.of("tale.model", "aa", "tale.rows", "bb");

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("run.tale");
  }

  private static UnitResult result(int from, String answer) {
    List<LayerMask> masks = List.of(LayerMask.none(4), LayerMask.of(4, 1, 3));
    List<Outcome> outcomes = List.of(new Outcome(true, answer), new Outcome(false, "\n\u2028é"));
    return new UnitResult(
        new WorkUnit("selection", List.of(from + 1, from), masks),
        List.of(outcomes, outcomes),
        new Work(4, 4, 5, 6));
  }

  private void write(UnitResult... results) throws IOException {
    try (Journal journal = Journal.open(file, RUN)) {
      for (UnitResult result : results) {
        journal.append(result);
      }
    }
  }

  private List<UnitResult> read() throws IOException {
    List<UnitResult> found = new ArrayList<>();
    try (Journal journal = Journal.open(file, RUN)) {
      for (int from = 0; from < 10; from += 2) {
        journal.find(result(from, "").unit()).ifPresent(found::add);
      }
    }
    return found;
  }

  @Test
  void whatWasAppendedIsFound() throws IOException {
    write(result(0, "True"), result(2, "İ"));
    assertThat(read()).containsExactly(result(0, "True"), result(2, "İ"));
  }

  @Test
  void aReopenedJournalGrows() throws IOException {
    write(result(0, "a"));
    write(result(2, "b"));
    assertThat(read()).containsExactly(result(0, "a"), result(2, "b"));
  }

  /** A crash may cut the file anywhere; every whole record before the cut survives. */
  @Test
  void aTornTailIsDroppedAtEveryByte() throws IOException {
    write(result(0, "a"), result(2, "b"));
    byte[] whole = Files.readAllBytes(file);
    int recordsStart = indexOfLine(whole, 1);
    int secondStart = indexOfLine(whole, 2);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      List<UnitResult> expected = length < secondStart ? List.of() : List.of(result(0, "a"));
      assertThat(read())
          .as("cut at byte %d, records from %d", length, recordsStart)
          .isEqualTo(expected);
      write(result(4, "c"));
      assertThat(read()).as("after a cut at byte %d", length).endsWith(result(4, "c"));
    }
  }

  /** Blocks of a file may be lost in a crash: then the tail is whole in length, but zeros. */
  @Test
  void aLastRecordOfZerosIsDropped() throws IOException {
    write(result(0, "a"), result(2, "b"));
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, indexOfLine(bytes, 2), bytes.length, (byte) 0);
    Files.write(file, bytes);
    assertThat(read()).containsExactly(result(0, "a"));
  }

  @Test
  void damageBeforeTheLastRecordIsRefusedAndNothingIsChanged() throws IOException {
    write(result(0, "a"), result(2, "b"));
    byte[] whole = Files.readAllBytes(file);
    for (int at = indexOfLine(whole, 1); at < indexOfLine(whole, 2) - 1; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 1;
      Files.write(file, bytes);
      assertThatThrownBy(() -> Journal.open(file, RUN))
          .isInstanceOf(JournalFormatException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("line 2")
          .hasMessageContaining("restore the file");
      assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }
  }

  @Test
  void anotherFileIsRefusedAndNotChanged() throws IOException {
    for (String content : List.of("precious notes\n", "x", "{\"taleJournal\":2}\n")) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> Journal.open(file, RUN))
          .isInstanceOf(JournalFormatException.class)
          .hasMessageContaining("not a Tale journal")
          .hasMessageContaining(file.toString());
      assertThat(file).hasContent(content);
    }
  }

  @Test
  void theJournalOfAnotherRunIsRefusedWithBothValues() throws IOException {
    write(result(0, "a"));
    byte[] before = Files.readAllBytes(file);
    Map<String, String> other = Map.of("tale.model", "cc", "tale.rows", "bb");
    assertThatThrownBy(() -> Journal.open(file, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tale.model is aa in the journal and cc in this run")
        .hasMessageNotContaining("tale.rows");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    write();
    String header = Files.readString(file, UTF_8).substring(9).replace(":2,", ":3,").strip();
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(header.getBytes(UTF_8));
    Files.writeString(
        file, String.format(java.util.Locale.ROOT, "%08x %s%n", crc.getValue(), header));
    assertThatThrownBy(() -> Journal.open(file, RUN))
        .isInstanceOf(JournalFormatException.class)
        .hasMessageContaining("format version 3");
  }

  @Test
  void twoSearchesCannotShareAJournal() throws IOException {
    try (Journal first = Journal.open(file, RUN)) {
      assertThatThrownBy(() -> Journal.open(file, RUN))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in use");
      first.append(result(0, "a"));
    }
    assertThat(read()).hasSize(1);
  }

  @Test
  void aMissingDirectoryIsNamed() {
    Path missing = directory.resolve("missing/run.tale");
    assertThatThrownBy(() -> Journal.open(missing, RUN))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(missing.toString())
        .hasMessageContaining("directory does not exist; create it");
    assertThat(missing.getParent()).doesNotExist();
  }

  @Test
  void aPipeOrDeviceIsRefused() throws IOException {
    Path device = Path.of("/dev/zero");
    Assumptions.assumeTrue(Files.exists(device), "no /dev/zero");
    Files.createSymbolicLink(file, device);
    assertThatThrownBy(() -> Journal.open(file, RUN))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("not a file");
  }

  private static int indexOfLine(byte[] bytes, int line) {
    int at = 0;
    for (int feeds = 0; feeds < line; at++) {
      feeds += bytes[at] == '\n' ? 1 : 0;
    }
    return at;
  }
}
