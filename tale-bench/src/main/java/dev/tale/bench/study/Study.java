package dev.tale.bench.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.bench.study.StudyFiles.Kind;
import dev.tale.model.Granularity;
import dev.tale.model.ModelOutputException;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.nano.NanoTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Every strategy on every task of nano-llama: what it removes, what that costs on rows that chose
 * nothing, and how fast the rest is. One file for each task and seed; what is there is not run
 * again, so that a study that was ended goes on where it stopped.
 */
public final class Study {
  private final StudyPlan plan;
  private final Path out;
  private final StudyFiles files;
  private final List<String> failures = new ArrayList<>();

  public Study(StudyPlan plan, Path out) {
    this.plan = plan;
    this.out = out;
    this.files = new StudyFiles(plan, out);
  }

  /**
   * Runs what has not been run yet, one seed of all tasks after the other, whole layers before
   * parts, and writes {@code study.json}, {@code study.md} and {@code report/index.html}.
   *
   * @throws IOException if there is an earlier run with other settings
   * @throws IllegalStateException if a run failed, after all others have been run
   */
  public void run() throws IOException {
    long start = System.nanoTime();
    files.collect();
    try (OnnxModel layers = OnnxModel.open(NanoLlama.directory())) {
      StudyReport.write(layers, plan, out.resolve("report"));
      run(Kind.LAYERS, draw -> StudyRun.ofLayers(layers, draw));
    }
    try (OnnxModel parts =
        OnnxModel.builder(NanoLlama.directory()).granularity(Granularity.SUBLAYER).open()) {
      run(Kind.PARTS, draw -> StudyRun.ofParts(parts, draw));
    }
    files.collect();
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

  /** Writes {@code study.json} and {@code study.md} of what has been run. */
  public void collect() throws IOException {
    files.collect();
  }

  /** What asks a model about one draw. */
  private interface Run {
    ObjectNode of(StudyDraw draw) throws IOException;
  }

  private void run(Kind kind, Run run) throws IOException {
    for (int seed = 1; seed <= plan.seeds(); seed++) {
      for (NanoTask task : plan.tasks()) {
        if (!files.has(kind, task, seed)) {
          run(kind, run, new StudyDraw(plan, task, seed));
        }
      }
    }
  }

  private void run(Kind kind, Run run, StudyDraw draw) throws IOException {
    try {
      ObjectNode json = run.of(draw);
      files.write(kind, draw.task(), draw.seed(), json);
      System.out.printf(
          Locale.ROOT,
          "%-24s seed %d  %-6s  baseline %.3f%s  %s%n",
          draw.task(),
          draw.seed(),
          kind.name().toLowerCase(Locale.ROOT),
          json.get("baseline").get("heldOutAccuracy").asDouble(),
          json.get("atChance").asBoolean() ? " (at chance)" : "",
          json.get("seconds"));
    } catch (IllegalArgumentException | ModelOutputException e) {
      failures.add(draw.task() + ", seed " + draw.seed() + ": " + e.getMessage());
    }
  }
}
