package dev.tale.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.benchmark.RecognizedTask;
import dev.tale.benchmark.Tasks;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Reads every data file below a directory as the built-in task that it belongs to. */
final class TasksTable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> ENDINGS =
      List.of(".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet");

  /** Chat templates and what they render are no data. */
  private static final Path TEMPLATES = Path.of("templates");

  private static final long MEASURED_NANOS = 100_000_000;

  private TasksTable() {}

  /**
   * Prints a row for each file and writes them all to a file.
   *
   * @return whether every row of every file was read and asked
   */
  static boolean run(Path data, Path out) throws IOException {
    System.out.printf(
        "%-58s %-26s %-13s %6s %6s %8s %10s%n",
        "file", "task", "schema", "inFile", "read", "requests", "rows/s");
    List<Row> rows = new ArrayList<>();
    for (Path file : files(data)) {
      Row row = Row.of(data, file);
      System.out.println(row);
      rows.add(row);
    }
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
      String problem) {

    static Row of(Path data, Path path) throws IOException {
      String file = data.relativize(path).toString().replace('\\', '/');
      long rowsInFile = RowCount.of(path);
      try {
        RecognizedTask read = Tasks.recognize(path);
        Task task = read.task();
        return new Row(
            file,
            task.name(),
            read.schema(),
            rowsInFile,
            task.size(),
            requests(task),
            rowsPerSecond(task),
            "");
      } catch (IOException | IllegalArgumentException e) {
        return new Row(file, "", "", rowsInFile, 0, 0, 0, String.valueOf(e.getMessage()));
      }
    }

    private static long requests(Task task) {
      long requests = 0;
      for (int row = 0; row < task.size(); row++) {
        requests += task.requests(row).size();
      }
      return requests;
    }

    /** Once without a clock, for the JVM to compile, and once with it. */
    private static long rowsPerSecond(Task task) {
      repeat(task);
      return repeat(task);
    }

    private static long repeat(Task task) {
      long start = System.nanoTime();
      long rows = 0;
      long elapsedNanos;
      do {
        requests(task);
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
              .put("ok", ok());
      return problem.isEmpty() ? json : json.put("problem", problem);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-58s %-26s %-13s %6d %6d %8d %10d  %s",
          file,
          task,
          schema,
          rowsInFile,
          rowsRead,
          requests,
          rowsPerSecond,
          ok() ? "ok" : "NOT OK " + problem);
    }
  }
}
