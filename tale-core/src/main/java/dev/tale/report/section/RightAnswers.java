package dev.tale.report.section;

import dev.tale.document.Block;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.Block.Warning;
import dev.tale.report.CommonestAnswer;
import dev.tale.report.Report;
import dev.tale.report.TaskSetSummary;
import dev.tale.report.TaskSummary;
import java.util.ArrayList;
import java.util.List;

/**
 * The commonest right answer of the rows that chose the layers, with a warning where there is no
 * other, and warnings of rows that are few, repeated or end in white space.
 */
final class RightAnswers {
  private final List<Block> blocks = new ArrayList<>();
  private final boolean isWeighted;

  private RightAnswers(boolean isWeighted) {
    this.isWeighted = isWeighted;
  }

  static List<Block> of(Report report) {
    TaskSetSummary tasks = report.provenance().selection();
    RightAnswers answers = new RightAnswers(tasks.isWeighted());
    for (TaskSummary task : tasks.tasks()) {
      answers.blocks.add(answers.commonest(task));
      answers.warn("selection", task);
    }
    report
        .provenance()
        .heldOut()
        .ifPresent(held -> held.tasks().forEach(task -> answers.warn("held-out", task)));
    return answers.blocks;
  }

  private String of(TaskSummary task) {
    return isWeighted ? " of " + task.name() : "";
  }

  private void warn(String kind, TaskSummary task) {
    for (String warning : task.warnings()) {
      String rows = "the " + task.rows() + " " + kind + " rows" + of(task);
      blocks.add(new Warning(rows + " " + warning));
    }
  }

  private Block commonest(TaskSummary task) {
    CommonestAnswer commonest = task.commonest();
    return task.hasOneAnswer()
        ? new Warning(
            Figures.format(
                "the right answer of all %d selection rows%s is %s. A model that says nothing else"
                    + " has all of them right, and layers were removed by that: choose by rows of"
                    + " every answer.",
                task.rows(), of(task), commonest.name()))
        : new Paragraph(
            Figures.format(
                "Of %d selection rows%s, %d have the commonest right answer, %s.",
                task.rows(), of(task), commonest.count(), commonest.name()));
  }
}
