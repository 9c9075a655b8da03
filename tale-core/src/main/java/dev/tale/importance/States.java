package dev.tale.importance;

import dev.tale.model.HiddenStates;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Request;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Hidden states of a task's rows at every layer boundary, at the last token of what a row's first
 * request asks: the prompt, or the first of several contexts.
 *
 * @param rows hidden states by row, by boundary, by component; all finite
 */
record States(List<float[][]> rows) {
  private static final int ROWS_PER_CALL = 64;

  States {
    rows = List.copyOf(rows);
  }

  /**
   * Reads them in one pass over the prompts.
   *
   * @param measure what they are needed for, for messages
   * @throws IllegalArgumentException if the model cannot give them
   * @throws ModelOutputException if one of them is not finite
   */
  static States read(Object measure, LayeredModel model, Task task, LayerMask mask) {
    HiddenStates ability =
        model.hiddenStates().orElseThrow(() -> Asking.lacks(measure, model, "hidden states"));
    List<Request> requests =
        IntStream.range(0, task.size()).mapToObj(row -> task.requests(row).get(0)).toList();
    Asking.check(model, task, requests);
    List<float[][]> rows = new ArrayList<>();
    for (int from = 0; from < task.size(); from += ROWS_PER_CALL) {
      int to = Math.min(task.size(), from + ROWS_PER_CALL);
      List<Request> part = requests.subList(from, to);
      rows.addAll(Asking.ask(task.slice(from, to), () -> ability.atLastPromptToken(part, mask)));
    }
    for (int row = 0; row < rows.size(); row++) {
      requireFinite(model, task, row, rows.get(row));
    }
    return new States(rows);
  }

  private static void requireFinite(LayeredModel model, Task task, int row, float[][] states) {
    for (int boundary = 0; boundary < states.length; boundary++) {
      for (int i = 0; i < states[boundary].length; i++) {
        if (!Float.isFinite(states[boundary][i])) {
          throw new ModelOutputException(
              String.format(
                  "Model %s, task %s, %s: the hidden state %s is %s in component %d; the weights or"
                      + " the export are broken, or the layers that are left do not go together",
                  model.info().name(),
                  task.name(),
                  task.rowName(row),
                  place(boundary),
                  states[boundary][i],
                  i));
        }
      }
    }
  }

  /** Where a boundary is, for people. */
  static String place(int boundary) {
    return boundary == 0 ? "before layer 0" : "after layer " + (boundary - 1);
  }

  int size() {
    return rows.size();
  }

  /** The number of layers: one less than that of boundaries. */
  int layers() {
    return rows.get(0).length - 1;
  }

  float[] at(int row, int boundary) {
    return rows.get(row)[boundary];
  }

  /** Hidden states at a boundary, by row, by component. */
  float[][] at(int boundary) {
    return rows.stream().map(row -> row[boundary]).toArray(float[][]::new);
  }
}
