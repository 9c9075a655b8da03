package dev.tale.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tale.PatchedExport;
import dev.tale.PatchedModel;
import dev.tale.PatchedRows;
import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.benchmark.Benchmark;
import dev.tale.evaluate.Progress;
import dev.tale.importance.SpanScores;
import dev.tale.model.Prompt;
import dev.tale.model.RememberingModel;
import dev.tale.model.Request;
import dev.tale.onnx.ExportForm;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.patch.SpanFit;
import dev.tale.policy.Floor;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Linear maps in the place of a span of layers, by the number of layers: loss and accuracy on
 * held-out rows with the map and without. Texts are questions of the task with their right answers,
 * none of them held out or asked by the search.
 */
public final class PatchedTable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DEPTH = 3;
  private static final int TEXTS = 2000;
  private static final long SEED = 7;

  private PatchedTable() {}

  /** Prints the table of nano-llama on boolean expressions, and writes it to a file. */
  public static void ofNano(int rows, int most, Path out) throws IOException {
    Task task = BooleanExpressions.task(DEPTH, 2 * rows, SEED);
    Set<String> asked =
        BooleanExpressions.rows(DEPTH, 2 * rows, SEED).stream()
            .map(BooleanExpressions.Row::input)
            .collect(Collectors.toSet());
    List<String> texts =
        BooleanExpressions.rows(DEPTH, TEXTS, SEED + 1).stream()
            .filter(row -> !asked.contains(row.input()))
            .map(row -> "Q: " + row.input() + "\nA: " + row.target())
            .toList();
    try (OnnxModel model = OnnxModel.open(NanoLlama.directory())) {
      run(model, task, rows, texts, SearchStrategy.spans(), most, out);
    }
  }

  /** Prints the table of a model on ARC-Easy, by rows of its file, and writes it to a file. */
  public static void ofArcEasy(Path directory, Path data, int rows, int most, Path out)
      throws IOException {
    Task task = Benchmark.ARC_EASY.task(data);
    List<String> texts =
        IntStream.range(2 * rows, task.size()).mapToObj(row -> text(task, row)).toList();
    try (OnnxModel model = OnnxModel.builder(directory).exportForm(ExportForm.ONNX).open()) {
      run(model, task, rows, texts, byAngle(model, task.slice(0, rows), most), most, out);
    }
  }

  private static String text(Task task, int row) {
    Request.LogLikelihood gold = task.goldLikelihood(row);
    return ((Prompt.Text) gold.prompt()).text() + gold.continuation();
  }

  /** The spans of published work: of each length that between whose ends the states turn least. */
  private static SearchStrategy byAngle(OnnxModel model, Task rows, int most) {
    RememberingModel remembering = new RememberingModel(model);
    List<SpanScores> scores =
        IntStream.rangeClosed(1, most)
            .mapToObj(layers -> SpanScores.angularDistance(remembering, rows, layers, SEED))
            .toList();
    return SearchStrategy.spans()
        .by(
            "angular distance",
            (first, length) ->
                length > most ? 1 : scores.get(length - 1).spans().get(first).value());
  }

  private static void run(
      OnnxModel model,
      Task task,
      int rows,
      List<String> texts,
      SearchStrategy strategy,
      int most,
      Path out)
      throws IOException {
    PruneResult result =
        Tale.pruner()
            .strategy(strategy.removingAtMost(most))
            .floor(Floor.belowBaseline(1))
            .withoutLatency()
            .listener(Progress.none())
            .heldOut(task.slice(rows, 2 * rows))
            .prune(model, task.slice(0, rows));
    Files.writeString(out, table(result, texts).toPrettyString() + "\n");
  }

  private static ArrayNode table(PruneResult result, List<String> texts) throws IOException {
    System.out.printf(
        Locale.ROOT,
        "held out, unpruned: %.4f%n%-8s %-8s %-7s %9s %9s %9s %9s %9s %9s %8s %8s %8s%n",
        result.report().heldOut().get(0).accuracy(),
        "layers",
        "",
        "ridge",
        "residual",
        "with map",
        "text loss",
        "with map",
        "row loss",
        "with map",
        "accuracy",
        "with map",
        "seconds");
    ArrayNode table = JSON.createArrayNode();
    Path scratch = Files.createTempDirectory("tale-patched-");
    try {
      for (int position = 1; position < result.path().size(); position++) {
        Path target = scratch.resolve("patched-" + position);
        table.add(row(result, position, texts, target));
        MoreFiles.deleteRecursively(target, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    } finally {
      MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    return table;
  }

  private static ObjectNode row(PruneResult result, int position, List<String> texts, Path target)
      throws IOException {
    long start = System.nanoTime();
    PatchedModel patched = result.at(position).patched(texts);
    double fitted = (System.nanoTime() - start) / 1e9;
    PatchedExport written = patched.export(target);
    SpanFit span = patched.fit().spans().get(0);
    PatchedRows without = written.rowsWithout().orElseThrow();
    PatchedRows with = written.rowsWith().orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "%-8d %-8s %-7.0e %9.4f %9.4f %9.4f %9.4f %9.4f %9.4f %8.4f %8.4f %8.1f%n",
        span.last() - span.first() + 1,
        span.first() + "-" + span.last(),
        span.ridge(),
        span.before(),
        span.after(),
        written.lossWithout(),
        written.lossWith(),
        without.loss(),
        with.loss(),
        without.score().accuracy(),
        with.score().accuracy(),
        fitted);
    ObjectNode node = JSON.createObjectNode();
    node.put("firstRemoved", span.first()).put("lastRemoved", span.last());
    node.put("ridge", span.ridge()).put("fittedTokens", patched.fit().tokens());
    node.put("heldOutTokens", patched.fit().heldOutTokens());
    node.put("residualWithout", span.before()).put("residualWith", span.after());
    node.put("originalTextLoss", written.originalLoss());
    node.put("textLossWithout", written.lossWithout()).put("textLossWith", written.lossWith());
    node.put("rowLossWithout", without.loss()).put("rowLossWith", with.loss());
    node.put("correctWithout", without.score().correct());
    node.put("correctWith", with.score().correct()).put("rows", with.score().total());
    node.put("addedParameters", written.addedParameters());
    node.put("maxAbsLogitDifference", written.export().maxAbsDifference());
    node.put("fitSeconds", fitted);
    return node;
  }
}
