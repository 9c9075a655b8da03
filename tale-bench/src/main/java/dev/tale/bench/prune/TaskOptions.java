package dev.tale.bench.prune;

import dev.tale.benchmark.Benchmark;
import dev.tale.benchmark.Tasks;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which task, and which of its rows choose the layers and which do not. */
final class TaskOptions {
  @Option(
      names = "--task",
      required = true,
      paramLabel = "FILE|NAME",
      description = "A description in YAML, or a benchmark such as arc_easy.")
  private String task = "";

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Rows that choose the layers; a description may name its own.")
  private @Nullable Path data;

  @Option(
      names = "--held-out",
      paramLabel = "FILE",
      description =
          "Rows that choose nothing and are reported. Without it, and with --rows, as many as follow"
              + " those in --data.")
  private @Nullable Path heldOut;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Choose by the first N rows (default: all).")
  private int rows = Integer.MAX_VALUE;

  @Option(
      names = "--chat",
      description = "Ask a benchmark in conversations, as the TALE paper does.")
  private boolean chat;

  @Option(
      names = "--calibrated",
      description =
          "Score choices less a bias for each option, fitted under each mask, so that no layer is"
              + " removed for shifting it.")
  private boolean calibrated;

  /** All rows that may choose. */
  private Task all() throws IOException {
    Task all = data == null ? described() : from(data);
    return calibrated ? all.calibrated() : all;
  }

  private Task described() throws IOException {
    requireNoChat();
    return Tasks.fromFile(description());
  }

  private Task from(Path rows) throws IOException {
    if (Files.exists(Path.of(task))) {
      requireNoChat();
      return Tasks.fromFile(description(), rows);
    }
    Benchmark benchmark = Benchmark.named(task);
    return (chat ? benchmark.chat() : benchmark).task(rows);
  }

  private void requireNoChat() {
    if (chat) {
      throw new TypeConversionException(
          "--chat goes with a benchmark; a description says itself how its rows are asked");
    }
  }

  private Path description() {
    if (Files.notExists(Path.of(task))) {
      throw new TypeConversionException(
          "--task " + task + " is not a file; of a benchmark, give --data FILE with its rows");
    }
    return Path.of(task);
  }

  /** Reads the rows that choose, and those that do not. */
  TaskRows read() throws IOException {
    TypedOptions.atLeastOne("--rows", rows);
    Task all = all();
    if (rows >= all.size()) {
      return new TaskRows(all, given());
    }
    Task rest = all.slice(rows, (int) Math.min(2L * rows, all.size()));
    return new TaskRows(all.slice(0, rows), Optional.of(given().orElse(rest)));
  }

  private Optional<Task> given() throws IOException {
    return heldOut == null ? Optional.empty() : Optional.of(from(heldOut));
  }

  /**
   * Rows of a task.
   *
   * @param selection rows that choose
   * @param heldOut rows that do not
   */
  record TaskRows(Task selection, Optional<Task> heldOut) {

    /** What nobody should overlook. */
    Optional<String> warning() {
      if (heldOut.isEmpty()) {
        return Optional.of(
            "No rows are held out: accuracies will be those of the "
                + selection.size()
                + " rows that choose, and too high. Give --held-out FILE, or --rows N with N at"
                + " most "
                + Math.max(1, selection.size() / 2));
      }
      return heldOut.get().size() < selection.size()
          ? Optional.of("Only " + heldOut.get().size() + " rows are held out")
          : Optional.empty();
    }
  }
}
