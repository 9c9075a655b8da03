package dev.tale.analysis;

import dev.tale.analysis.LayerAnalysis.Kind;
import dev.tale.analysis.LayerAnalysis.Missing;
import dev.tale.estimate.Estimate;
import dev.tale.evaluate.Progress;
import dev.tale.importance.InformationProfile;
import dev.tale.importance.InformationProfile.Bottleneck;
import dev.tale.importance.LayerScorer;
import dev.tale.importance.LayerScores;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelOutputException;
import dev.tale.model.RememberingModel;
import dev.tale.model.UnsupportedModelException;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One plan on one model and one task, for one call. */
final class PlannedAnalysis {
  private final AnalysisPlan plan;
  private final LayeredModel model;
  private final Task selection;
  private final Optional<Task> heldOut;
  private final LayerMask pruned;
  private final double mostWork;
  private final Progress progress;
  private int measures;
  private final Map<LayerScorer, LayerScores> taken = new LinkedHashMap<>();
  private final List<Missing> missing = new ArrayList<>();

  PlannedAnalysis(
      AnalysisPlan plan,
      LayeredModel model,
      Task selection,
      Optional<Task> heldOut,
      LayerMask pruned,
      double mostWork,
      Progress progress) {
    this.mostWork = mostWork;
    this.progress = progress;
    this.plan = plan;
    this.model = new RememberingModel(model);
    this.selection = selection;
    this.heldOut = heldOut;
    this.pruned = pruned;
  }

  LayerAnalysis measure() {
    double part = affordable();
    for (LayerScorer scorer : mostAskingFirst()) {
      take(Kind.IMPORTANCE, scorer.toString(), () -> score(scorer, selection, part))
          .ifPresent(scores -> taken.put(scorer, scores));
    }
    List<LayerScores> importance = new ArrayList<>();
    plan.scorers().stream().filter(taken::containsKey).map(taken::get).forEach(importance::add);
    joint().ifPresent(importance::add);
    List<RankAgreement> agreements = agreements(importance, part);
    List<BoundarySeries> information = information();
    measures = most();
    tell();
    return new LayerAnalysis(importance, agreements, information, missing);
  }

  /** Accuracy asks for every choice, so that the loss of the right one is known after it. */
  private List<LayerScorer> mostAskingFirst() {
    LayerScorer accuracy = LayerScorer.leaveOneOutAccuracy();
    return plan.scorers().stream()
        .sorted(Comparator.comparing(scorer -> !scorer.equals(accuracy)))
        .toList();
  }

  /** The share of the rows on which measures that ask anew for each layer fit into the work. */
  private double affordable() {
    if (Double.isInfinite(mostWork)) {
      return 1;
    }
    double all = heldOut.map(rows -> cost(LayerScorer.leaveOneOutAccuracy(), rows)).orElse(0L);
    for (LayerScorer scorer : plan.scorers()) {
      all += cost(scorer, selection);
    }
    return all <= mostWork ? 1 : mostWork / all;
  }

  /** A measure that cannot be taken costs nothing; why it cannot is told where it is taken. */
  private long cost(LayerScorer scorer, Task rows) {
    try {
      return scorer.cost(model, rows);
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }

  private LayerScores score(LayerScorer scorer, Task rows, double part) {
    int some = (int) Math.max(AnalysisPlan.LEAST_ROWS, Math.floor(part * rows.size()));
    if (some >= rows.size() || scorer.cost(model, rows) == 0) {
      return scorer.score(model, rows);
    }
    Task first = rows.slice(0, some);
    LayerScores scores = scorer.score(model, first);
    return new LayerScores(
        scores.measure() + FrequentLabels.on(rows, first), scores.unit(), scores.layers());
  }

  private void tell() {
    progress.on(new Progress.Phase("analysing layers", measures, most(), "measures"));
  }

  /** Measures of importance, the loss that they are compared with, and information twice. */
  private int most() {
    return plan.scorers().size() + 3;
  }

  /** What fails for a reason of the model or its rows is missing, and no reason to fail. */
  private <T> Optional<T> take(Kind kind, String what, Supplier<T> figures) {
    tell();
    measures++;
    try {
      return Optional.of(figures.get());
    } catch (IllegalArgumentException | ModelOutputException | UnsupportedModelException e) {
      missing.add(new Missing(kind, what, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private Optional<LayerScores> joint() {
    if (plan.joined().isEmpty()) {
      return Optional.empty();
    }
    if (!taken.keySet().containsAll(plan.joined())) {
      String what = LayerScorer.joint(plan.joined()).toString();
      missing.add(new Missing(Kind.IMPORTANCE, what, "one of these measures is missing"));
      return Optional.empty();
    }
    return Optional.of(LayerScores.joint(plan.joined().stream().map(taken::get).toList()));
  }

  private List<RankAgreement> agreements(List<LayerScores> importance, double part) {
    LayerScorer loss = LayerScorer.leaveOneOutAccuracy();
    Optional<LayerScores> drop =
        heldOut.isEmpty() && taken.containsKey(loss)
            ? Optional.of(taken.get(loss))
            : take(
                Kind.IMPORTANCE,
                "agreement with the loss of accuracy without each layer",
                () -> score(loss, heldOut.orElse(selection), part));
    List<RankAgreement> agreements = new ArrayList<>();
    drop.ifPresent(
        cost ->
            importance.stream()
                // On the same rows it is what the others are compared with.
                .filter(scores -> heldOut.isPresent() || !scores.equals(cost))
                .forEach(scores -> agreement(scores, cost).ifPresent(agreements::add)));
    return agreements;
  }

  private Optional<RankAgreement> agreement(LayerScores scores, LayerScores drop) {
    Optional<Estimate> tau = scores.agreement(drop);
    if (tau.isEmpty()) {
      missing.add(
          new Missing(
              Kind.IMPORTANCE,
              "agreement of " + scores.measure(),
              "it puts the layers in no order, or their removal costs the same of each"));
    }
    String rows = heldOut.isPresent() ? "held-out" : "selection";
    return tau.map(
        found -> new RankAgreement(scores.measure(), rows, found.value(), found.interval()));
  }

  private List<BoundarySeries> information() {
    LayerMask whole = LayerMask.none(pruned.layers());
    List<BoundarySeries> series = new ArrayList<>();
    information("unpruned", whole).ifPresent(series::add);
    if (pruned.removedCount() > 0) {
      information("pruned", pruned).ifPresent(series::add);
    }
    return series;
  }

  private Optional<BoundarySeries> information(String name, LayerMask mask) {
    return take(
        Kind.INFORMATION,
        "information by layer, " + name,
        () -> {
          Task labelled = selection.withFrequentLabels(AnalysisPlan.ROWS_PER_LABEL);
          return series(
              name + FrequentLabels.on(selection, labelled),
              InformationProfile.of(plan.estimator(), model, labelled, mask, plan.seed()));
        });
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
