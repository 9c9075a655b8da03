package dev.tale.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Says what is right most often in the rows that chose the layers, and warns where it always is,
 * and of rows that are few, repeated or end in white space.
 */
final class RightAnswers {
  private RightAnswers() {}

  /** Returns a sentence for each task, and its warnings. */
  static List<String> sentences(Report report) {
    TaskSetSummary tasks = report.provenance().selection();
    List<String> sentences = new ArrayList<>();
    for (TaskSummary task : tasks.tasks()) {
      String of = tasks.isWeighted() ? " of " + task.name() : "";
      sentences.add(sentence(task, of));
      warnings("selection", task, of).forEach(sentences::add);
    }
    for (TaskSummary task : heldOut(report)) {
      String of = tasks.isWeighted() ? " of " + task.name() : "";
      warnings("held-out", task, of).forEach(sentences::add);
    }
    return sentences;
  }

  private static List<TaskSummary> heldOut(Report report) {
    return report.provenance().heldOut().map(TaskSetSummary::tasks).orElse(List.of());
  }

  private static Stream<String> warnings(String kind, TaskSummary task, String of) {
    return task.warnings().stream()
        .map(
            warning ->
                Figures.format("Warning: the %d %s rows%s %s", task.rows(), kind, of, warning));
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
      ObjectNode of =
          node.addObject()
              .put("task", task.name())
              .put("rows", task.rows())
              .put("commonest", task.commonest().label())
              .put("count", task.commonest().count())
              .put("oneAnswer", task.hasOneAnswer());
      putWarnings(of, "warnings", task);
    }
    List<TaskSummary> heldOut = heldOut(report);
    for (int i = 0; i < heldOut.size(); i++) {
      putWarnings((ObjectNode) node.get(i), "heldOutWarnings", heldOut.get(i));
    }
    return node;
  }

  /** Only where there are any, so that other reports keep their bytes. */
  private static void putWarnings(ObjectNode node, String name, TaskSummary task) {
    if (!task.warnings().isEmpty()) {
      task.warnings().forEach(node.putArray(name)::add);
    }
  }
}
