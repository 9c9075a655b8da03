package dev.tale.testing;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.gain.GainAnalysis;
import dev.tale.gain.GainFinder;
import dev.tale.gain.GainParts;
import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * The parts of a known gain on many draws of its rows: as many that choose as are held out.
 *
 * @param parts by draw
 */
public record GainDraws(List<GainParts> parts) {

  /** Copies the parts. */
  public GainDraws {
    parts = List.copyOf(parts);
  }

  /** Analyses so many draws of so many rows that choose, and as many held out. */
  public static GainDraws of(KnownGain model, int rows, int draws) {
    List<GainParts> parts = new ArrayList<>();
    for (int draw = 0; draw < draws; draw++) {
      parts.add(parts(model.draw(draw), rows));
    }
    return new GainDraws(parts);
  }

  private static GainParts parts(KnownGain model, int rows) {
    Task selection = model.task(0, rows);
    Task heldOut = model.task(rows, 2 * rows);
    LayerMask pruned = KnownGain.pruned();
    List<LayerMask> path = List.of(LayerMask.none(pruned.layers()), pruned);
    GainAnalysis found =
        GainFinder.find(
            model,
            WeightedTasks.of(selection, 1),
            Optional.of(WeightedTasks.of(heldOut, 1)),
            scored(model, selection, path),
            scored(model, heldOut, path).stream().map(Configuration::score).toList(),
            List.of(pruned),
            pruned,
            Journal.none(),
            Progress.none());
    return found.tasks().get(0).of(pruned).orElseThrow().parts().orElseThrow();
  }

  private static List<Configuration> scored(KnownGain model, Task task, List<LayerMask> masks) {
    return new Evaluator(model, task, "rows", Journal.none(), Progress.none()).evaluate(masks);
  }

  /** Mean share of the rows that format won. */
  public double format() {
    return mean(GainParts::format);
  }

  /** Mean share of the rows that bias won. */
  public double bias() {
    return mean(GainParts::bias);
  }

  /** Mean share of the rows that the rest won. */
  public double rest() {
    return mean(GainParts::rest);
  }

  private double mean(ToIntFunction<GainParts> part) {
    return parts.stream()
        .mapToDouble(each -> part.applyAsInt(each) / (double) each.rows())
        .average()
        .orElseThrow();
  }

  /** Half a point, and three standard errors of a mean of so many draws. */
  public double limit() {
    double variance =
        parts.stream()
            .mapToDouble(each -> Math.pow(each.rest() / (double) each.rows() - rest(), 2))
            .average()
            .orElseThrow();
    return 0.005 + 3 * Math.sqrt(variance / parts.size());
  }

  /** Share of the intervals of the rest that hold the truth. */
  public double covered(double truth) {
    return parts.stream()
            .filter(
                each ->
                    each.restInterval().low() <= truth * each.rows()
                        && truth * each.rows() <= each.restInterval().high())
            .count()
        / (double) parts.size();
  }

  /** Level of the intervals. */
  public static double level() {
    return Score.CONFIDENCE;
  }
}
