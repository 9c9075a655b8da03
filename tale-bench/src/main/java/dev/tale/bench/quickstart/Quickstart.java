package dev.tale.bench.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.PruneResult;
import dev.tale.Pruner;
import dev.tale.Tale;
import dev.tale.analysis.AnalysisPlan;
import dev.tale.bench.command.RunDirectory;
import dev.tale.model.ModelExporter.Export;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Prunes nano-llama on boolean expressions that nest deeper (depth {@value #DEPTH}) than those it
 * was trained on (depth 3). An interrupted quickstart goes on where it stopped.
 */
public final class Quickstart {
  static final int DEPTH = 4;
  public static final int ROWS = 500;
  static final long SEED = 7;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Quickstart() {}

  static void run(Path out) throws IOException {
    run(out, ROWS);
  }

  /** Runs on so many rows to choose by, and as many held out. */
  public static void run(Path out, int rows) throws IOException {
    RunDirectory directory = RunDirectory.prepare(out);
    long start = System.nanoTime();
    try (OnnxModel model = OnnxModel.open(NanoLlama.directory())) {
      PruneResult result = prune(model, directory, rows);
      Export export = result.best().export(directory.pruned());
      Path page = result.writeReport(directory.report(), AnalysisPlan.standard(SEED));
      double seconds = (System.nanoTime() - start) / 1e9;
      directory.writeResult(json(result, export, seconds));
      print(result, export);
      System.out.printf(
          Locale.ROOT,
          "%.1f s; details in %s, to look at in %s%n",
          seconds,
          directory.result(),
          page);
    }
  }

  private static PruneResult prune(OnnxModel model, RunDirectory directory, int rows)
      throws IOException {
    try (RoundTable table = new RoundTable()) {
      return pruner(rows)
          .journal(directory.journal())
          .listener(table)
          .prune(model, selection(rows));
    }
  }

  /** Returns the settings of the search on so many rows. */
  static Pruner pruner(int rows) {
    return Tale.pruner().heldOut(task(rows).slice(rows, 2 * rows));
  }

  /** Returns the rows that choose the layers. */
  static Task selection(int rows) {
    return task(rows).slice(0, rows);
  }

  private static Task task(int rows) {
    return BooleanExpressions.task(DEPTH, 2 * rows, SEED);
  }

  private static void print(PruneResult result, Export export) {
    System.out.println();
    System.out.print(result);
    System.out.printf(
        Locale.ROOT,
        "BEST is in %s: %,d bytes, %d of %d layers; largest logit difference to the gated model"
            + " %.1e over %d prompts%n",
        export.directory(),
        export.bytes(),
        export.mask().kept().size(),
        export.mask().layers(),
        export.maxAbsDifference(),
        export.verifiedPrompts());
  }

  private static String json(PruneResult result, Export export, double seconds) throws IOException {
    ObjectNode root = (ObjectNode) JSON.readTree(result.toJson());
    root.put("seconds", seconds);
    ObjectNode excision = root.putObject("excision");
    excision.put("directory", export.directory().getFileName().toString());
    excision.put("maxAbsLogitDifference", export.maxAbsDifference());
    excision.put("verifiedPrompts", export.verifiedPrompts());
    excision.put("bytes", export.bytes());
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }
}
