package dev.tale.bench.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.PruneResult;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.TaskScore;
import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.model.RememberingModel;
import dev.tale.onnx.OnnxModel;
import dev.tale.task.Task;
import dev.tale.task.TaskSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The claims of the paper on a model of one's own: every search on every task, what it removes,
 * what that does to rows that chose nothing and what that is made of, and the same under another
 * prompt. One file for each task and search; what is there is not run again, and a search that was
 * ended goes on.
 */
public final class RealStudy {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path model;
  private final Path data;
  private final Path out;
  private final int selection;
  private final int heldOut;
  private final int most;

  /**
   * Creates a study.
   *
   * @param selection rows that choose
   * @param heldOut rows that do not
   * @param most layers to remove
   */
  public RealStudy(Path model, Path data, Path out, int selection, int heldOut, int most) {
    this.model = model;
    this.data = data;
    this.out = out;
    this.selection = selection;
    this.heldOut = heldOut;
    this.most = most;
  }

  /**
   * Runs what has not been run yet, then writes {@code real.json} and {@code real.md}.
   *
   * @param tasks names of tasks in lower case, or all of them if there are none
   */
  public void run(List<String> tasks) throws IOException {
    Files.createDirectories(out.resolve("runs"));
    try (OnnxModel opened = OnnxModel.open(model)) {
      for (RealTask task : RealTask.values()) {
        if (tasks.isEmpty() || tasks.contains(task.toString())) {
          run(opened, task);
        }
      }
    }
    collect();
  }

  private void run(OnnxModel opened, RealTask task) throws IOException {
    TaskSplit rows = task.rows(data, selection, heldOut);
    RememberingModel remembering = new RememberingModel(opened);
    for (RealSearch search : RealSearch.values()) {
      if (search.fits(task) && Files.notExists(file(task, search))) {
        long start = System.nanoTime();
        ObjectNode found =
            run(remembering, rows, search, out.resolve("runs/" + name(task, search)));
        found.put("task", task.toString()).put("search", search.toString());
        found.put("seconds", (System.nanoTime() - start) / 1e9);
        write(file(task, search), found);
        System.out.printf(
            Locale.ROOT, "%s, %s: %.0f s%n", task, search, found.get("seconds").asDouble());
      }
    }
  }

  private ObjectNode run(
      RememberingModel remembering, TaskSplit rows, RealSearch search, Path journal)
      throws IOException {
    Task choosing = search.selection(rows.selection());
    PruneResult result =
        search
            .pruner(remembering, rows.selection(), most)
            .heldOut(rows.heldOut())
            .journal(journal.resolveSibling(journal.getFileName() + ".tale"))
            .listener(Progress.none())
            .prune(remembering, choosing);
    ObjectNode node = JSON.createObjectNode();
    node.set("result", JSON.readTree(result.report().toJson()));
    node.set("otherPrompt", otherPrompt(remembering, result, rows.heldOut()));
    return node;
  }

  /** The path on the held-out rows under another prompt. */
  private static ArrayNode otherPrompt(
      RememberingModel remembering, PruneResult result, Task heldOut) {
    Task otherwise = RealTask.otherwise(heldOut);
    List<LayerMask> masks = result.path().stream().map(Configuration::mask).toList();
    List<Configuration> scored =
        new Evaluator(remembering, otherwise, "other prompt", Journal.none(), Progress.none())
            .evaluate(masks);
    ArrayNode all = JSON.createArrayNode();
    TaskScore baseline = scored.get(0).score().byTask().get(0);
    for (Configuration each : scored) {
      TaskScore score = each.score().byTask().get(0);
      PairedComparison versus = PairedComparison.of(baseline, score);
      all.addObject()
          .put("correct", score.correct())
          .put("total", score.total())
          .put("gained", versus.gained())
          .put("lost", versus.lost())
          .put("mcNemarExactP", versus.pValue())
          .set("removedLayers", JSON.valueToTree(each.mask().removed()));
    }
    return all;
  }

  /** Writes the tables of what there is. */
  public void collect() throws IOException {
    List<JsonNode> runs = new ArrayList<>();
    for (RealTask task : RealTask.values()) {
      for (RealSearch search : RealSearch.values()) {
        if (Files.exists(file(task, search))) {
          runs.add(JSON.readTree(file(task, search).toFile()));
        }
      }
    }
    RealTables tables = new RealTables(runs);
    write(out.resolve("real.json"), tables.json());
    Files.writeString(out.resolve("real.md"), tables.markdown());
  }

  private static void write(Path file, JsonNode node) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    JSON.writerWithDefaultPrettyPrinter().writeValue(partial.toFile(), node);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String name(RealTask task, RealSearch search) {
    return task + "-" + search;
  }

  private Path file(RealTask task, RealSearch search) {
    return out.resolve("runs/" + name(task, search) + ".json");
  }
}
