package dev.tale.testing;

import dev.tale.analysis.LayerAnalysis;
import dev.tale.document.ConsoleText;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.policy.TradeOff;
import dev.tale.report.Report;
import dev.tale.report.SearchRun;
import dev.tale.report.section.ReportContent;
import dev.tale.task.Example;
import dev.tale.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A report as a terminal shows it, without a run. */
public final class ReportText {
  private ReportText() {}

  /** Returns the lines. */
  public static String of(Report report) {
    SearchRun run =
        new SearchRun(
            report, TradeOff.best(), Duration.ZERO, Optional.empty(), Optional.empty(), "no run");
    Task any =
        Task.multipleChoice(
            "any", List.of(0), id -> Example.multipleChoice("?", List.of("a", "b"), 0));
    return ConsoleText.write(
        new ReportContent(run, WeightedTasks.of(any, 1), Optional.empty(), LayerAnalysis.none())
            .brief());
  }
}
