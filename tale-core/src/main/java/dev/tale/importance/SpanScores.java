package dev.tale.importance;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How much each run of neighbouring layers matters.
 *
 * @param measure name of the measure with every setting
 * @param unit of the values
 * @param layers number of layers of a span, at least 1
 * @param spans one score for each span, by its first layer from 0; the higher, the more it matters
 */
public record SpanScores(String measure, String unit, int layers, List<SpanScore> spans) {
  /*
   * The angular distance of the states before and after n layers is arccos(cos(h_l, h_l+n)) / pi, averaged over rows [1],
   * at the last token there too. It is a distance: that of a span is at most the sum of those of its layers.
   *
   * [1] A. Gromov et al., The Unreasonable Ineffectiveness of the Deeper Layers, arXiv 2403.17887, section 3.
   */

  /**
   * The score of a span.
   *
   * @param first its first layer, an index in the original model
   * @param value finite; the higher, the more the span matters
   * @param interval 95 % confidence interval of the value over the choice of rows
   */
  public record SpanScore(int first, double value, Interval interval) {}

  /** Copies the scores. */
  public SpanScores {
    spans = List.copyOf(spans);
  }

  /**
   * Scores spans by the angular distance between what goes in and what comes out, at the last
   * prompt token, in [0, 1]: 0.5 is a right angle. Costs one pass over the prompts.
   *
   * @param layers number of layers of a span, in [1, layerCount]
   * @param seed of the bootstrap over rows
   * @throws IllegalArgumentException if the number is outside its range, there is one row only, the
   *     model offers no hidden states, a row cannot be answered, or a hidden state is zero
   * @throws dev.tale.model.ModelOutputException if a hidden state is not finite
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static SpanScores angularDistance(LayeredModel model, Task task, int layers, long seed) {
    int all = model.info().layerCount();
    if (layers < 1 || layers > all) {
      throw new IllegalArgumentException(
          "A span of "
              + layers
              + " layers; model "
              + model.info().name()
              + " has spans of 1 to "
              + all);
    }
    String measure = "angular distance of " + layers + " layers";
    Asking.requireRows(measure, task);
    States states = States.read(measure, model, task, LayerMask.none(all));
    List<SpanScore> spans = new ArrayList<>();
    for (int first = 0; first + layers <= all; first++) {
      Estimate estimate = new Resampling(seed).mean(distances(states, task, first, first + layers));
      spans.add(new SpanScore(first, estimate.value(), estimate.interval()));
    }
    return new SpanScores(measure, "half turn", layers, spans);
  }

  private static double[] distances(States states, Task task, int from, int to) {
    double[] distances = new double[states.size()];
    for (int row = 0; row < distances.length; row++) {
      distances[row] = Math.acos(Angle.cosine(states, task, row, from, to)) / Math.PI;
    }
    return distances;
  }

  /** Returns the span that matters least, the first on a tie. */
  public SpanScore least() {
    return spans.stream().min(Comparator.comparingDouble(SpanScore::value)).orElseThrow();
  }
}
