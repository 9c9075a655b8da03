package dev.tale.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.Granularity;
import dev.tale.model.ModelOutputException;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.nano.NanoTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Every strategy on every task of nano-llama: what it removes, what that costs on rows that chose
 * nothing, and how fast the rest is. One file for each task and seed, below {@code runs}; what is
 * there is not run again, so that a study that was ended goes on where it stopped.
 */
record Study(StudyPlan plan, Path out) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RUNS = "runs";

  /**
   * Runs what has not been run yet, one seed of all tasks after the other, and writes {@code
   * study.json}, {@code study.md} and {@code report/index.html}.
   *
   * @throws IOException if there is an earlier run with other settings
   * @throws IllegalStateException if a run failed, after all others have been run
   */
  void run() throws IOException {
    long start = System.nanoTime();
    Files.createDirectories(out.resolve(RUNS));
    collect();
    List<String> failures = new ArrayList<>();
    try (OnnxModel model = OnnxModel.open(NanoLlama.directory());
        OnnxModel parts = OnnxModel.open(NanoLlama.directory(), Granularity.SUBLAYER)) {
      StudyReport.write(model, plan, out.resolve("report"));
      for (int seed = 1; seed <= plan.seeds(); seed++) {
        for (NanoTask task : plan.tasks()) {
          try {
            runOnce(model, parts, task, seed);
          } catch (IllegalArgumentException | ModelOutputException e) {
            failures.add(task + ", seed " + seed + ": " + e.getMessage());
          }
        }
      }
    }
    collect();
    System.out.printf(
        Locale.ROOT,
        "%.0f s; %s, %s, %s%n",
        (System.nanoTime() - start) / 1e9,
        out.resolve("study.json"),
        out.resolve("study.md"),
        out.resolve("report/index.html"));
    if (!failures.isEmpty()) {
      throw new IllegalStateException(
          failures.size() + " runs failed, the rest is written: " + String.join("; ", failures));
    }
  }

  private void runOnce(OnnxModel model, OnnxModel parts, NanoTask task, int seed)
      throws IOException {
    Path file = file(task, seed);
    if (Files.exists(file)) {
      return;
    }
    ObjectNode run = new StudyRun(model, parts, plan, task, seed).json();
    write(file, JSON.writeValueAsString(run) + "\n");
    System.out.printf(
        Locale.ROOT,
        "%-24s seed %d  baseline %.3f%s  %s%n",
        task,
        seed,
        run.get("baseline").get("heldOutAccuracy").asDouble(),
        run.get("atChance").asBoolean() ? " (at chance)" : "",
        run.get("seconds"));
  }

  private Path file(NanoTask task, int seed) {
    String name = task.name().toLowerCase(Locale.ROOT) + "-" + seed + ".json";
    return out.resolve(RUNS).resolve(name);
  }

  /**
   * Writes {@code study.json} and {@code study.md} of what has been run; nothing if that is
   * nothing.
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
    ArrayNode rows = study.putArray("rows");
    runs.forEach(run -> run.get("rows").forEach(rows::add));
    ArrayNode details = study.putArray("details");
    runs.forEach(run -> details.add(run.<ObjectNode>deepCopy().without("rows")));
    write(
        out.resolve("study.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(study) + "\n");
    write(out.resolve("study.md"), new StudyText(study).write());
  }

  private List<JsonNode> runs() throws IOException {
    List<JsonNode> runs = new ArrayList<>();
    for (int seed = 1; seed <= plan.seeds(); seed++) {
      for (NanoTask task : plan.tasks()) {
        if (Files.exists(file(task, seed))) {
          runs.add(read(file(task, seed)));
        }
      }
    }
    return runs;
  }

  private JsonNode read(Path file) throws IOException {
    JsonNode run = JSON.readTree(file.toFile());
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
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.writeString(partial, text);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
