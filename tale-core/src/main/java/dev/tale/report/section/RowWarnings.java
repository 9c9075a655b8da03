package dev.tale.report.section;

import dev.tale.document.Block;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.Block.Warning;
import dev.tale.report.CommonestAnswer;
import dev.tale.report.Report;
import dev.tale.report.TaskSetSummary;
import dev.tale.report.TaskSummary;
import java.util.List;

/** The commonest right answer of the rows that chose the layers, a warning where it is the only. */
final class RowWarnings {
  private RowWarnings() {}

  static List<Block> of(Report report) {
    TaskSetSummary tasks = report.provenance().selection();
    return tasks.tasks().stream()
        .map(task -> commonest(task, tasks.isWeighted() ? " of " + task.name() : ""))
        .toList();
  }

  private static Block commonest(TaskSummary task, String of) {
    CommonestAnswer commonest = task.commonest();
    return task.hasOneAnswer()
        ? new Warning(
            Figures.format(
                "the right answer of all %d selection rows%s is %s. A model that says nothing else"
                    + " has all of them right, and layers were removed by that: choose by rows of"
                    + " every answer.",
                task.rows(), of, commonest.name()))
        : new Paragraph(
            Figures.format(
                "Of %d selection rows%s, %d have the commonest right answer, %s.",
                task.rows(), of, commonest.count(), commonest.name()));
  }
}
