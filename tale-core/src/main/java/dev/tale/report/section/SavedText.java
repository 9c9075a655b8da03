package dev.tale.report.section;

import dev.tale.estimate.Interval;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Cost;
import dev.tale.model.LayerInfo;
import java.util.List;
import java.util.Optional;

/** Parameters, bytes and time that the chosen configuration saves. */
final class SavedText {
  private static final double MEGA = 1e6;

  private SavedText() {}

  /** One sentence; empty if nothing was removed. */
  static String of(ReportContent content) {
    Configuration chosen = content.chosen();
    if (chosen.isBaseline()) {
      return "";
    }
    List<LayerInfo> layers = content.provenance().model().layers();
    long all = layers.stream().mapToLong(LayerInfo::parameters).sum();
    long removed =
        chosen.mask().removed().stream().mapToLong(i -> layers.get(i).parameters()).sum();
    return Figures.format(
        "It has %,d parameters in layers in place of %,d (%.1f %% fewer)%s.",
        all - removed,
        all,
        all == 0 ? 0 : 100.0 * removed / all,
        measured(chosen.cost(), content.run().path().get(0).cost()));
  }

  private static String measured(Optional<Cost> cost, Optional<Cost> unpruned) {
    if (cost.isEmpty() || unpruned.isEmpty()) {
      return "";
    }
    return Figures.format(
        ", files of %.1f MB in place of %.1f, and %s",
        cost.get().bytes() / MEGA, unpruned.get().bytes() / MEGA, speed(cost.get()));
  }

  /** A speed-up in words where it cannot be told from none. */
  private static String speed(Cost cost) {
    Interval interval = cost.speedup().interval();
    String figures =
        Figures.format(
            "%.2f [%.2f, %.2f]", cost.speedup().value(), interval.low(), interval.high());
    if (interval.low() > 1) {
      return "is " + figures + " times as fast";
    }
    return interval.high() < 1
        ? "is slower, " + figures + " times as fast"
        : "is not measurably faster, " + figures;
  }
}
