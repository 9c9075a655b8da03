package dev.tale.bench.study;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.analysis.AnalysisPlan;
import dev.tale.onnx.OnnxModel;
import dev.tale.search.SearchStrategy;
import dev.tale.task.TaskSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page of one search, with everything that can be measured of it. */
final class StudyReport {
  private static final int SEED = 1;

  private StudyReport() {}

  /** Searches for the first task of a plan and writes its page, unless it is there. */
  static void write(OnnxModel model, StudyPlan plan, Path directory) throws IOException {
    if (Files.exists(directory.resolve("index.html"))) {
      return;
    }
    TaskSplit rows = plan.split(plan.tasks().get(0), SEED);
    PruneResult result =
        Tale.pruner()
            .strategy(SearchStrategy.greedy().scoringAll())
            .heldOut(rows.heldOut())
            .prune(model, rows.selection());
    result.writeReport(directory, AnalysisPlan.standard(SEED));
  }
}
