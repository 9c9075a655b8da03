package dev.tale.bench.quickstart;

import com.google.common.collect.Maps;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills the quickstart, the real command in a process of its own, at random moments between its
 * start and its end, and starts it again in the same directory until it ends. Every quickstart that
 * ends is compared with one that was left alone.
 */
public final class QuickstartKills {
  private static final String UNDISTURBED = "undisturbed";

  /** Of one quickstart. */
  private static final int MOST_KILLS = 3;

  private final Class<?> main;
  private final Path out;
  private final int rows;
  private final long seed;
  private final Random random;
  private final SortedMap<String, Integer> phases = new TreeMap<>();
  private SortedMap<String, String> expected = new TreeMap<>();
  private int runs;
  private int different;

  /**
   * Quickstarts to be killed.
   *
   * @param main class that runs the commands
   * @param out new directory for what they write
   * @param rows rows of each
   */
  public QuickstartKills(Class<?> main, Path out, int rows, long seed) {
    this.main = main;
    this.out = out;
    this.rows = rows;
    this.seed = seed;
    this.random = new Random(seed);
  }

  /**
   * Kills quickstarts, each once or a few times, and lets them end.
   *
   * @param kills least number of kills, and of results compared
   * @return whether every quickstart wrote the same
   */
  public boolean run(int kills) throws IOException, InterruptedException {
    if (Files.exists(out)) {
      throw new FileAlreadyExistsException(out + " exists; give a new directory");
    }
    Files.createDirectories(out);
    long millis = undisturbed();
    System.out.printf(
        "seed %d: undisturbed %.1f s, %d files; may differ: %s%n",
        seed, millis / 1e3, expected.size(), QuickstartFiles.mayDiffer());
    int killed = 0;
    while (killed < kills || runs < kills) {
      killed += killedUntilItEnds(1 + random.nextInt(MOST_KILLS), millis);
    }
    System.out.printf(
        "%d kills %s in %d quickstarts on %d rows, %d of them different%n",
        killed, phases, runs, rows, different);
    return different == 0;
  }

  private long undisturbed() throws IOException, InterruptedException {
    long start = System.nanoTime();
    requireEnd(start(UNDISTURBED), UNDISTURBED);
    expected = QuickstartFiles.hashes(out.resolve(UNDISTURBED));
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  /** Returns how often it was killed. */
  private int killedUntilItEnds(int most, long millis) throws IOException, InterruptedException {
    String name = "killed-" + runs++;
    int killed = 0;
    Process process = start(name);
    while (killed < most && !process.waitFor(random.nextLong(millis), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
      if (isWritten(name)) {
        break;
      }
      killed++;
      phases.merge(phase(name), 1, Integer::sum);
      process = start(name);
    }
    if (process.isAlive() || !isWritten(name)) {
      requireEnd(process, name);
    }
    compare(name, killed);
    return killed;
  }

  /** Whether all is there; a process may be killed between that and its end. */
  private boolean isWritten(String name) {
    return Files.exists(out.resolve(name).resolve("result.json"));
  }

  /** The last thing of its result that a quickstart has begun to write. */
  private String phase(String name) throws IOException {
    if (Files.notExists(out.resolve(name))) {
      return "start";
    }
    try (Stream<Path> files = Files.list(out.resolve(name))) {
      String written = files.map(file -> file.getFileName().toString()).toList().toString();
      return Stream.of("report", "pruned", "run.tale")
          .filter(written::contains)
          .findFirst()
          .orElse("start");
    }
  }

  private void compare(String name, int killed) throws IOException {
    Map<String, String> found = QuickstartFiles.hashes(out.resolve(name));
    boolean same = found.equals(expected);
    System.out.printf(
        "%s: %d kills, %s%n",
        name, killed, same ? "identical" : "different: " + Maps.difference(expected, found));
    if (same) {
      MoreFiles.deleteRecursively(out.resolve(name), RecursiveDeleteOption.ALLOW_INSECURE);
    } else {
      different++;
    }
  }

  private void requireEnd(Process process, String name) throws IOException, InterruptedException {
    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          "Quickstart "
              + name
              + " ended with status "
              + process.exitValue()
              + ":\n"
              + Files.readString(log(name)));
    }
  }

  private Path log(String name) {
    return out.resolve(name + ".log");
  }

  private Process start(String name) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            // What a killed process could not delete goes with the directory.
            "-Djava.io.tmpdir=" + Files.createDirectories(out.resolve("tmp")),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            "quickstart",
            "--rows",
            Integer.toString(rows),
            "--out",
            out.resolve(name).toString())
        .redirectErrorStream(true)
        .redirectOutput(log(name).toFile())
        .start();
  }
}
