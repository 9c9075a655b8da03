package dev.tale.bench.command;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a run leaves its results: the journal of its search, the pruned model, the report and, last
 * of all, {@code result.json}.
 *
 * @param path the directory
 */
public record RunDirectory(Path path) {
  private static final String JOURNAL = "run.tale";
  private static final String PRUNED = "pruned";
  private static final String REPORT = "report";
  private static final String RESULT = "result.json";
  private static final String WEIGHTS = "weights";

  /**
   * Prepares the directory: it is new or empty, or holds the journal of an interrupted run, which
   * goes on; of other results of such a run all but dequantized weights are deleted.
   *
   * @throws FileAlreadyExistsException with the file that is of something else
   * @throws IOException if the directory cannot be made
   */
  public static RunDirectory prepare(Path path) throws IOException {
    RunDirectory directory = new RunDirectory(path);
    for (Path file : directory.leftOver()) {
      if (!file.endsWith(JOURNAL) && !file.endsWith(WEIGHTS)) {
        MoreFiles.deleteRecursively(file, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
    Files.createDirectories(path);
    return directory;
  }

  /**
   * Checks what {@link #prepare} does, and changes nothing.
   *
   * @throws FileAlreadyExistsException as {@link #prepare} does
   * @throws IOException if the directory cannot be read
   */
  public static void check(Path path) throws IOException {
    new RunDirectory(path).leftOver();
  }

  /** The files of an interrupted run. */
  private List<Path> leftOver() throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    try (Stream<Path> content = Files.list(path)) {
      List<Path> files = content.sorted().toList();
      boolean interrupted = files.contains(journal());
      for (Path file : files) {
        if (!isOfRun(file) || (!interrupted && !file.endsWith(WEIGHTS))) {
          throw new FileAlreadyExistsException(
              path + " holds " + file.getFileName() + "; give a new or empty directory");
        }
      }
      return files;
    }
  }

  /** Whether a file is there before {@code result.json}. */
  private static boolean isOfRun(Path file) {
    String name = file.getFileName().toString();
    boolean staged =
        Stream.of(PRUNED, REPORT, WEIGHTS).anyMatch(each -> name.startsWith("." + each + "."));
    return staged || List.of(JOURNAL, PRUNED, REPORT, WEIGHTS, RESULT + ".partial").contains(name);
  }

  /** The file in which the search keeps its outcomes. */
  public Path journal() {
    return path.resolve(JOURNAL);
  }

  /** The directory of the pruned model. */
  public Path pruned() {
    return path.resolve(PRUNED);
  }

  /** The directory of the report. */
  public Path report() {
    return path.resolve(REPORT);
  }

  /** The figures, written last. */
  public Path result() {
    return path.resolve(RESULT);
  }

  /** Writes the figures, in one step: they are there whole or not at all. */
  public void writeResult(String json) throws IOException {
    Path partial = path.resolve(RESULT + ".partial");
    Files.writeString(partial, json);
    Files.move(partial, result(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The directory of dequantized weights. */
  public Path weights() {
    return path.resolve(WEIGHTS);
  }
}
