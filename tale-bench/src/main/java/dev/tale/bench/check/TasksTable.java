package dev.tale.bench.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.benchmark.RecognizedTask;
import dev.tale.benchmark.Tasks;
import dev.tale.model.Request;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads every data file below a directory as the built-in task that it belongs to. */
public final class TasksTable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> ENDINGS =
      List.of(".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet");

  /** Chat templates and what they render are no data. */
  private static final Path TEMPLATES = Path.of("templates");

  private static final long MEASURED_NANOS = 100_000_000;

  private static final LongAdder USED = new LongAdder();

  private TasksTable() {}

  /**
   * Prints a row for each file and writes them all to a file.
   *
   * @return whether every row of every file was read and asked
   */
  public static boolean run(Path data, Path out) throws IOException {
    System.out.printf(
        "%-58s %-26s %-13s %6s %6s %8s %10s %10s%n",
        "file", "task", "schema", "inFile", "read", "requests", "built/s", "tokens/s*");
    List<Row> rows = new ArrayList<>();
    try (PromptTokens tokens = PromptTokens.open()) {
      for (Path file : files(data)) {
        Row row = Row.of(data, file, tokens);
        System.out.println(row);
        rows.add(row);
      }
    }
    System.out.println("* rows a second, built and tokenized, on one thread");
    ArrayNode json = JSON.createArrayNode();
    rows.forEach(row -> json.add(row.json()));
    Files.writeString(out, json.toPrettyString() + "\n");
    return !rows.isEmpty() && rows.stream().allMatch(Row::ok);
  }

  private static List<Path> files(Path data) throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> ENDINGS.stream().anyMatch(lower(file)::endsWith))
          .filter(file -> !data.relativize(file).startsWith(TEMPLATES))
          .sorted()
          .toList();
    }
  }

  private static String lower(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT);
  }

  /**
   * What became of a file.
   *
   * @param rowsInFile rows by a count that does not parse them
   * @param rowsPerSecond rows whose requests are built in a second, on one thread
   * @param rowsTokenizedPerSecond rows whose requests are built and tokenized in a second, on one
   *     thread, with the tokenizer of the tiny test model
   * @param problem why the file was refused; empty if it was not
   */
  private record Row(
      String file,
      String task,
      String schema,
      long rowsInFile,
      long rowsRead,
      long requests,
      long rowsPerSecond,
      long rowsTokenizedPerSecond,
      String problem) {

    static Row of(Path data, Path path, PromptTokens tokens) {
      String file = data.relativize(path).toString().replace('\\', '/');
      try {
        RecognizedTask read = Tasks.recognize(path);
        Task task = read.task();
        return new Row(
            file,
            task.name(),
            read.schema(),
            RowCount.of(path),
            task.size(),
            requests(task).count(),
            rowsPerSecond(task, Request::hashCode),
            rowsPerSecond(task, tokens::count),
            "");
      } catch (IOException | IllegalArgumentException e) {
        return new Row(file, "", "", 0, 0, 0, 0, 0, String.valueOf(e.getMessage()));
      }
    }

    private static Stream<Request> requests(Task task) {
      return IntStream.range(0, task.size()).boxed().flatMap(row -> task.requests(row).stream());
    }

    /** Once for the JVM to compile, and once to be measured. */
    private static long rowsPerSecond(Task task, ToIntFunction<Request> use) {
      repeat(task, use);
      return repeat(task, use);
    }

    private static long repeat(Task task, ToIntFunction<Request> use) {
      long start = System.nanoTime();
      long rows = 0;
      long elapsedNanos;
      do {
        // What is made is used, or it might not be made.
        USED.add(requests(task).mapToInt(use).sum());
        rows += task.size();
        elapsedNanos = System.nanoTime() - start;
      } while (elapsedNanos < MEASURED_NANOS);
      return Math.round(rows * 1e9 / elapsedNanos);
    }

    boolean ok() {
      return problem.isEmpty() && rowsRead == rowsInFile && requests >= rowsRead && rowsRead > 0;
    }

    ObjectNode json() {
      ObjectNode json =
          JSON.createObjectNode()
              .put("file", file)
              .put("task", task)
              .put("schema", schema)
              .put("rowsInFile", rowsInFile)
              .put("rowsRead", rowsRead)
              .put("requests", requests)
              .put("rowsPerSecond", rowsPerSecond)
              .put("rowsTokenizedPerSecond", rowsTokenizedPerSecond)
              .put("ok", ok());
      return problem.isEmpty() ? json : json.put("problem", problem);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-58s %-26s %-13s %6d %6d %8d %10d %10d  %s",
          file,
          task,
          schema,
          rowsInFile,
          rowsRead,
          requests,
          rowsPerSecond,
          rowsTokenizedPerSecond,
          ok() ? "ok" : "NOT OK " + problem);
    }
  }
}
