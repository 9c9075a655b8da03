package dev.tale.onnx.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.onnx.testing.TestClassPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No broken tokenizer ends the process: each is used or refused. Mutants are read in processes of
 * their own, which go on behind a mutant that ended one.
 */
@Tag("slow")
class MutatedTokenizersTest {
  @TempDir private Path directory;

  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();

  @Test
  void someHundred() throws Exception {
    check(Long.getLong("tale.seed", 1), Integer.getInteger("tale.mutants", 300), 40);
  }

  @Test
  @Tag("nightly")
  void twentyThousand() throws Exception {
    check(Long.getLong("tale.seed", 1), Integer.getInteger("tale.mutants", 20_000), 200);
  }

  private void check(long seed, int mutants, int texts) throws Exception {
    int next = 0;
    while (next < mutants) {
      next = read(seed, next, Math.min(mutants, next + 2000), texts);
    }
    System.out.println(
        "Seed " + seed + ", " + mutants + " mutants, " + texts + " texts: " + counts);
    assertThat(faults).as("seed %s", seed).isEmpty();
    assertThat(counts.get("used")).isPositive();
    assertThat(counts.get("refused")).isPositive();
  }

  /** Returns the number of the mutant to go on with. */
  private int read(long seed, int from, int to, int texts) throws Exception {
    Process process = start(List.of("" + seed, "" + from, "" + to, "" + texts));
    int number = from - 1;
    String last = "";
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("mutant ")) {
          number = Integer.parseInt(line.substring(7));
        } else {
          count(line, number);
        }
        last = line;
      }
    }
    int status = process.waitFor();
    if (last.equals("done") && status == 0) {
      return to;
    }
    assertThat(number).as("the process began, but ended with %s", status).isNotEqualTo(from - 1);
    count("process ended with " + status + " after " + last, number);
    return number + 1;
  }

  private void count(String outcome, int number) {
    if (outcome.equals("done")) {
      return;
    }
    boolean good = outcome.startsWith("used") || outcome.equals("refused");
    counts.merge(good ? outcome : "faults", 1, Integer::sum);
    if (!good) {
      faults.add(number + ": " + outcome);
    }
  }

  private Process start(List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                TestClassPath.get(),
                MutantReader.class.getName()));
    command.addAll(arguments);
    command.add(directory.toString());
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .directory(Path.of("").toAbsolutePath().toFile())
        .start();
  }
}
