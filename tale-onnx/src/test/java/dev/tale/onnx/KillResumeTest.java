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
  private static final long SEED = 20;

  @TempDir Path directory;

  @Test
  void killedSearchesEndInTheIdenticalResult() throws Exception {
    long start = System.nanoTime();
    String undisturbed = result(start("undisturbed"), "undisturbed");
    long millis = (System.nanoTime() - start) / 1_000_000;
    Random random = new Random(SEED);
    int killedInTheMiddle = 0;
    for (int kill = 0; kill < KILLS; kill += 2) {
      killedInTheMiddle += kill("killed-" + kill, millis, random);
      killedInTheMiddle += kill("killed-" + (kill + 1), millis, random);
      Process first = start("killed-" + kill);
      Process second = start("killed-" + (kill + 1));
      assertThat(result(first, "killed-" + kill)).as("seed %d", SEED).isEqualTo(undisturbed);
      assertThat(result(second, "killed-" + (kill + 1))).as("seed %d", SEED).isEqualTo(undisturbed);
    }
    assertThat(killedInTheMiddle)
        .as("searches that had records when killed")
        .isGreaterThan(KILLS / 4);
  }

  /** Kills a search at a random moment; returns 1 if its journal had begun, else 0. */
  private int kill(String name, long millis, Random random) throws Exception {
    Process process = start(name);
    process.waitFor(random.nextLong(millis), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    Path journal = directory.resolve(name + ".tale");
    return Files.exists(journal) && Files.readAllLines(journal).size() > 1 ? 1 : 0;
  }

  private String result(Process search, String name) throws Exception {
    int status = search.waitFor();
    assertThat(status).as(Files.readString(directory.resolve(name + ".out"))).isZero();
    return Files.readString(directory.resolve(name + ".json"));
  }

  private Process start(String name) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            // What a killed process could not delete goes with the test's directory.
            "-Djava.io.tmpdir=" + directory,
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
