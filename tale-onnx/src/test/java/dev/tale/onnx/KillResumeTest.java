package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at random moments of a search in a child JVM; the resumed result is the same bytes. */
@Tag("slow")
class KillResumeTest {
  private static final int KILLS = 8;
  private static final int NIGHTLY_KILLS = 40;

  /** Of so many resumptions one is in a fresh process, as a user's is; a start costs seconds. */
  private static final int STARTED_AGAIN = 5;

  private static final long SEED = 20;

  @TempDir Path directory;

  @Test
  void killedSearchesEndInTheIdenticalResult() throws Exception {
    assertIdentical(KILLS);
  }

  @Test
  @Tag("nightly")
  void manyMoreKilledSearchesEndInTheIdenticalResult() throws Exception {
    assertIdentical(NIGHTLY_KILLS);
  }

  private void assertIdentical(int kills) throws IOException {
    String undisturbed = KilledSearch.result(journal("undisturbed"));
    long records = records("undisturbed");
    long killedInTheMiddle =
        IntStream.range(0, kills)
            .parallel()
            .filter(kill -> killed(kill, records, undisturbed))
            .count();
    assertThat(killedInTheMiddle)
        .as("searches that had records, and not all, when killed")
        .isGreaterThanOrEqualTo(kills / 2);
  }

  /** Kills a search and resumes it; returns whether it was in the middle. */
  private boolean killed(int kill, long records, String undisturbed) {
    String name = "killed-" + kill;
    try {
      kill(name, new Random(SEED + kill), records);
      long left = records(name);
      String resumed =
          kill % STARTED_AGAIN == 0 ? startedAgain(name) : KilledSearch.result(journal(name));
      assertThat(resumed).as("seed %d, %s at %d records", SEED, name, left).isEqualTo(undisturbed);
      return left > 0 && left < records;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** Kills a search a moment after its journal has a random number of records. */
  private void kill(String name, Random random, long records)
      throws IOException, InterruptedException {
    Process search = start(name);
    try {
      long wanted = random.nextLong(records);
      while (search.isAlive() && records(name) < wanted) {
        Thread.sleep(5);
      }
      search.waitFor(random.nextInt(60), TimeUnit.MILLISECONDS);
    } finally {
      search.destroyForcibly().waitFor();
    }
  }

  private String startedAgain(String name) throws IOException, InterruptedException {
    int status = start(name).waitFor();
    assertThat(status).as(Files.readString(directory.resolve(name + ".out"))).isZero();
    return Files.readString(directory.resolve(name + ".json"));
  }

  private Path journal(String name) {
    return directory.resolve(name + ".tale");
  }

  /** The number of whole lines of a journal but its first. */
  private long records(String name) throws IOException {
    if (Files.notExists(journal(name))) {
      return 0;
    }
    String text = Files.readString(journal(name), StandardCharsets.UTF_8);
    return Math.max(0, text.chars().filter(c -> c == '\n').count() - 1);
  }

  private Process start(String name) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            // A short life: most of it is starting.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            // What a killed process could not delete goes with the test's directory.
            "-Djava.io.tmpdir=" + directory,
            "-cp",
            String.join(
                File.pathSeparator,
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path")),
            "dev.tale.onnx.KilledSearch",
            journal(name).toString(),
            directory.resolve(name + ".json").toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve(name + ".out").toFile())
        .start();
  }
}
