package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.journal.JournalFormatException;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A search over a damaged journal ends in the result of an undisturbed search, or is refused: never
 * in another result.
 */
@Tag("slow")
class DamagedJournalTest {
  @TempDir Path directory;

  private final Task all =
      Task.multipleChoice(
          "rows",
          IntStream.range(0, 160).boxed().toList(),
          id -> Example.multipleChoice("row " + id, List.of("a", "b"), id % 2));

  private Path journal;
  private String expected;
  private byte[] whole;

  @BeforeEach
  void search() throws IOException {
    journal = directory.resolve("run.tale");
    expected = found();
    whole = Files.readAllBytes(journal);
  }

  private String found() throws IOException {
    return Tale.pruner()
        .heldOut(all.slice(80, 160))
        .journal(journal)
        .prune(ScriptedModel.of(4, Script.additive(3), all), all.slice(0, 80))
        .report()
        .toJson();
  }

  @Test
  void truncatedSomewhere() throws IOException {
    truncated(97);
  }

  @Test
  void bitsFlippedSomewhere() throws IOException {
    flipped(50);
  }

  @Test
  @Tag("nightly")
  void truncatedAtEveryByte() throws IOException {
    truncated(1);
  }

  @Test
  @Tag("nightly")
  void aThousandBitsFlipped() throws IOException {
    flipped(1000);
  }

  private void truncated(int step) throws IOException {
    int start = whole.length;
    for (int records = 0; records <= 3; start--) {
      records += whole[start - 1] == '\n' ? 1 : 0;
    }
    int searches = 0;
    for (int length = start + 1; length < whole.length; length += step) {
      Files.write(journal, Arrays.copyOf(whole, length));
      assertThat(found()).as("cut at byte %d", length).isEqualTo(expected);
      assertThat(Files.readAllBytes(journal)).as("cut at byte %d", length).isEqualTo(whole);
      searches++;
    }
    System.out.printf(
        "DamagedJournalTest: cut at %d of %d bytes, 0 wrong results%n",
        searches, whole.length - start - 1);
    assertThat(searches).isGreaterThan(10);
  }

  private void flipped(int flips) throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < flips; i++) {
      int bit = random.nextInt(8 * whole.length);
      byte[] bytes = whole.clone();
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(journal, bytes);
      refused += isRefused(String.format("seed %d, bit %d", seed, bit), bytes) ? 1 : 0;
    }
    System.out.printf(
        "DamagedJournalTest: seed %d, %d bits flipped, %d refused, 0 wrong results%n",
        seed, flips, refused);
    assertThat(refused).isGreaterThan(flips / 3);
  }

  private boolean isRefused(String damage, byte[] bytes) throws IOException {
    try {
      assertThat(found()).as(damage).isEqualTo(expected);
      return false;
    } catch (JournalFormatException | IllegalArgumentException e) {
      assertThat(e).as(damage).hasMessageContaining(journal.toString());
      assertThat(Files.readAllBytes(journal)).as(damage).isEqualTo(bytes);
      return true;
    }
  }
}
