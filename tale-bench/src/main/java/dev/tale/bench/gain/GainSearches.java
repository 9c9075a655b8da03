package dev.tale.bench.gain;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.evaluate.Progress;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.BooleanExpressions.Row;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Example;
import dev.tale.task.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Searches that win by knowledge, and by bias. */
final class GainSearches {
  private static final int ROWS = 100;

  /** Rows of a hundred whose right answer is True. */
  private static final int TRUE_ROWS = 78;

  private static final long SEED = 17;
  private static final List<String> CHOICES = List.of("False", "True");

  private GainSearches() {}

  /** Expressions as nano-llama knows them, as many True as False. */
  static PruneResult expressions(OnnxModel model) throws IOException {
    Task task = BooleanExpressions.task(4, 2 * ROWS, SEED);
    return search(model, task.slice(0, ROWS), task.slice(ROWS, 2 * ROWS), 11);
  }

  /** Expressions whose contrary is asked for, most of them True: a model that says so wins. */
  static PruneResult contraries(OnnxModel model) throws IOException {
    Task task = contraries();
    return search(model, task.slice(0, ROWS), task.slice(ROWS, 2 * ROWS), 11);
  }

  /** The same, where no bias can win. */
  static PruneResult calibratedContraries(OnnxModel model) throws IOException {
    Task task = contraries();
    return search(model, task.slice(0, ROWS).calibrated(), task.slice(ROWS, 2 * ROWS), 11);
  }

  /** Short reviews, half of them praise, with the labels in lower case. */
  static PruneResult reviews(OnnxModel model) throws IOException {
    Task task = Reviews.task(120, SEED);
    return search(model, task.slice(0, 60), task.slice(60, 120), 2);
  }

  private static PruneResult search(OnnxModel model, Task selection, Task heldOut, int most)
      throws IOException {
    return Tale.pruner()
        .strategy(SearchStrategy.greedy().removingAtMost(most))
        .heldOut(heldOut)
        .withoutLatency()
        .listener(Progress.none())
        .prune(model, selection);
  }

  private static Task contraries() {
    List<Row> rows = new ArrayList<>(some(ROWS, 0));
    rows.addAll(some(ROWS, 1));
    return Task.multipleChoice(
        "contraries",
        rows,
        row ->
            Example.multipleChoice(
                "not ( " + row.input().replace(" is", "") + " ) is",
                CHOICES,
                CHOICES.indexOf(row.target())));
  }

  /** The n-th hundred rows: most of them True. */
  private static List<Row> some(int rows, int part) {
    List<Row> all = BooleanExpressions.rows(3, 8 * rows, SEED);
    int falseRows = rows - TRUE_ROWS;
    List<Row> some = new ArrayList<>();
    some.addAll(of("True", all).subList(part * TRUE_ROWS, (part + 1) * TRUE_ROWS));
    some.addAll(of("False", all).subList(part * falseRows, (part + 1) * falseRows));
    Collections.shuffle(some, new Random(part));
    return some;
  }

  private static List<Row> of(String target, List<Row> rows) {
    return rows.stream().filter(row -> row.target().equals(target)).toList();
  }
}
