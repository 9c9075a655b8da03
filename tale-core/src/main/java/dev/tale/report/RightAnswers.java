package dev.tale.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * Says what is right most often in the rows that chose the layers, and warns where it always is.
 */
final class RightAnswers {
  private RightAnswers() {}

  /** Returns a sentence for each task. */
  static List<String> sentences(Report report) {
    TaskSetSummary tasks = report.provenance().selection();
    return tasks.tasks().stream()
        .map(task -> sentence(task, tasks.isWeighted() ? " of " + task.name() : ""))
        .toList();
  }

  private static String sentence(TaskSummary task, String of) {
    CommonestAnswer commonest = task.commonest();
    return task.hasOneAnswer()
        ? Figures.format(
            "Warning: the right answer of all %d selection rows%s is %s. A model that says nothing"
                + " else has all of them right, and layers were removed by that: choose by rows of"
                + " every answer.",
            task.rows(), of, commonest.name())
        : Figures.format(
            "Of %d selection rows%s, %d have the commonest right answer, %s.",
            task.rows(), of, commonest.count(), commonest.name());
  }

  static ArrayNode json(Report report) {
    ArrayNode node = JsonNodeFactory.instance.arrayNode();
    for (TaskSummary task : report.provenance().selection().tasks()) {
      node.addObject()
          .put("task", task.name())
          .put("rows", task.rows())
          .put("commonest", task.commonest().label())
          .put("count", task.commonest().count())
          .put("oneAnswer", task.hasOneAnswer());
    }
    return node;
  }
}
