package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at random moments of a search in a child JVM; the resumed result is the same bytes. */
@Tag("slow")
class KillResumeTest {
  private static final int KILLS = 20;
  private static final int SEARCHES_AT_ONCE = 2;
  private static final long SEED = 20;

  @TempDir Path directory;

  @Test
  void killedSearchesEndInTheIdenticalResult() throws Exception {
    long start = System.nanoTime();
    String undisturbed = search("undisturbed");
    long millis = (System.nanoTime() - start) / 1_000_000;
    Random random = new Random(SEED);
    int killedInTheMiddle = 0;
    for (int kill = 0; kill < KILLS; kill += SEARCHES_AT_ONCE) {
      killedInTheMiddle += killAtOnce(kill, millis, random);
      for (int search = kill; search < kill + SEARCHES_AT_ONCE; search++) {
        assertThat(search("killed-" + search))
            .as("kill %d, seed %d", search, SEED)
            .isEqualTo(undisturbed);
      }
    }
    assertThat(killedInTheMiddle).as("searches that had records when killed").isPositive();
  }

  /** Starts searches, kills each at its own moment, and returns how many had begun a journal. */
  private int killAtOnce(int first, long millis, Random random) throws Exception {
    int begun = 0;
    for (int search = first; search < first + SEARCHES_AT_ONCE; search++) {
      Process process = start("killed-" + search);
      process.waitFor(random.nextLong(millis), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      Path journal = directory.resolve("killed-" + search + ".tale");
      begun += Files.exists(journal) && Files.readAllLines(journal).size() > 1 ? 1 : 0;
    }
    return begun;
  }

  private String search(String name) throws Exception {
    assertThat(start(name).waitFor()).as("exit status of %s", name).isZero();
    return Files.readString(directory.resolve(name + ".json"));
  }

  private Process start(String name) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            String.join(
                File.pathSeparator,
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path")),
            "dev.tale.onnx.KilledSearch",
            directory.resolve(name + ".tale").toString(),
            directory.resolve(name + ".json").toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve(name + ".out").toFile())
        .start();
  }
}
