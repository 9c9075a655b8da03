package dev.tale.bench;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.importance.BottleneckAnalysis;
import dev.tale.importance.InformationEstimator;
import dev.tale.importance.InformationProfile;
import dev.tale.importance.InformationProfile.Bottleneck;
import dev.tale.importance.LayerScorer;
import dev.tale.importance.LayerScores;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.NanoTask;
import dev.tale.report.BoundarySeries;
import dev.tale.report.Measurements;
import dev.tale.report.RankAgreement;
import dev.tale.search.SearchStrategy;
import dev.tale.stats.KendallTau;
import dev.tale.task.TaskSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page of one search, with everything that can be measured of it. */
final class StudyReport {
  private static final int SEED = 1;

  private StudyReport() {}

  /** Searches for the first task of a plan and writes its page, unless it is there. */
  static void write(OnnxModel model, StudyPlan plan, Path directory) throws IOException {
    if (Files.exists(directory.resolve("index.html"))) {
      return;
    }
    NanoTask task = plan.tasks().get(0);
    TaskSplit rows = plan.split(task, SEED);
    PruneResult result =
        Tale.pruner()
            .strategy(SearchStrategy.greedy().scoringAll())
            .heldOut(rows.heldOut())
            .prune(model, rows.selection());
    StudyScores scores = StudyScores.of(model, rows.selection(), Optional.empty(), SEED);
    LayerScores drop = LayerScorer.leaveOneOutAccuracy().score(model, rows.heldOut());
    result.report(
        directory,
        Measurements.none()
            .withImportance(
                scores.byName().values().stream().map(StudyScores.Taken::scores).toList())
            .withAgreements(agreements(scores, drop))
            .withInformation(information(model, rows, result)));
  }

  private static List<RankAgreement> agreements(StudyScores scores, LayerScores drop) {
    return scores.byName().entrySet().stream()
        .flatMap(taken -> agreement(taken, drop).stream())
        .toList();
  }

  private static Optional<RankAgreement> agreement(
      Map.Entry<String, StudyScores.Taken> taken, LayerScores drop) {
    Optional<KendallTau> tau = taken.getValue().scores().agreement(drop);
    return tau.map(found -> new RankAgreement(taken.getKey(), found.tau(), found.interval()));
  }

  private static List<BoundarySeries> information(
      OnnxModel model, TaskSplit rows, PruneResult result) {
    InformationEstimator estimator = StudyScores.information(SEED).values().iterator().next();
    BottleneckAnalysis analysis =
        BottleneckAnalysis.of(
            estimator,
            model,
            StudyScores.withFrequentLabels(rows.selection()),
            result.best().entry().mask(),
            SEED);
    return List.of(series("whole model", analysis.full()), series("BEST", analysis.pruned()));
  }

  private static BoundarySeries series(String name, InformationProfile profile) {
    return new BoundarySeries(
        name,
        "bit",
        profile.boundaries().stream()
            .map(each -> new BoundarySeries.Point(each.boundary(), each.bits(), each.interval()))
            .toList(),
        profile.bottlenecks().stream().map(Bottleneck::layer).toList());
  }
}
