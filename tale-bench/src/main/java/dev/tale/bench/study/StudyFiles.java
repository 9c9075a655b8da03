package dev.tale.bench.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.onnx.nano.NanoTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The directory of a study: one file for each run below {@code runs}, and what they come to. */
record StudyFiles(StudyPlan plan, Path out) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROWS = "rows";

  /** What a run removes. */
  enum Kind {
    LAYERS,
    PARTS
  }

  boolean has(Kind kind, NanoTask task, int seed) {
    return Files.exists(file(kind, task, seed));
  }

  private Path file(Kind kind, NanoTask task, int seed) {
    String name = task.name() + "-" + seed + (kind == Kind.PARTS ? "-parts" : "");
    return out.resolve("runs").resolve(name.toLowerCase(Locale.ROOT) + ".json");
  }

  void write(Kind kind, NanoTask task, int seed, ObjectNode run) throws IOException {
    write(file(kind, task, seed), JSON.writeValueAsString(run) + "\n");
  }

  /**
   * Writes {@code study.json} and {@code study.md} of what has been run; nothing if that is
   * nothing.
   *
   * @throws IOException if there is an earlier run with other settings
   */
  void collect() throws IOException {
    List<JsonNode> runs = runs();
    if (runs.isEmpty()) {
      return;
    }
    ObjectNode study = JSON.createObjectNode();
    study.put("format", 1);
    study.set("settings", plan.settings());
    study.put("runs", runs.size());
    study.put("runsPlanned", plan.tasks().size() * plan.seeds());
    study.set("summary", new StudySummary(runs).json());
    ArrayNode rows = study.putArray(ROWS);
    runs.forEach(run -> run.get(ROWS).forEach(rows::add));
    ArrayNode details = study.putArray("details");
    runs.forEach(run -> details.add(run.<ObjectNode>deepCopy().without(ROWS)));
    write(
        out.resolve("study.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(study) + "\n");
    write(out.resolve("study.md"), new StudyText(study).write());
  }

  /** What was run of layers, with what was run of parts of the same draw. */
  private List<JsonNode> runs() throws IOException {
    List<JsonNode> runs = new ArrayList<>();
    for (int seed = 1; seed <= plan.seeds(); seed++) {
      for (NanoTask task : plan.tasks()) {
        if (has(Kind.LAYERS, task, seed)) {
          runs.add(run(task, seed));
        }
      }
    }
    return runs;
  }

  private ObjectNode run(NanoTask task, int seed) throws IOException {
    ObjectNode run = read(file(Kind.LAYERS, task, seed));
    if (has(Kind.PARTS, task, seed)) {
      ObjectNode parts = read(file(Kind.PARTS, task, seed));
      run.withArray(ROWS).addAll(parts.withArray(ROWS));
      run.set("parts", parts.without(ROWS));
    }
    return run;
  }

  private ObjectNode read(Path file) throws IOException {
    ObjectNode run = (ObjectNode) JSON.readTree(file.toFile());
    if (!plan.settings().equals(run.get("settings"))) {
      throw new IOException(
          file
              + " is of a study with settings "
              + run.get("settings")
              + ", not "
              + plan.settings()
              + "; give --out another directory");
    }
    return run;
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.writeString(partial, text);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
