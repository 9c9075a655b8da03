package dev.tale.importance;

import dev.tale.model.LayeredModel;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.ScaledLayers;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * |dL/dg_l|: how fast the loss of the right answers changes with the factor on what a layer adds.
 *
 * <p>Implementation note: central differences, (L(1 + h) - L(1 - h)) / 2h for each layer, in 2L
 * vectors of factors that a model answers together. The error is h^2 / 6 times the third
 * derivative, and the rounding of two losses by 2h; {@link LayerScorer#GATE_STEP} balances both in
 * float32. The value is the absolute value of the mean derivative over rows, not the mean of
 * absolute values, which would not be the gradient of the task's loss; where it is within noise of
 * zero it is biased upwards, and its interval then begins at 0.
 *
 * @param step h, in (0, 1]
 * @param seed of the bootstrap
 */
record GateGradient(double step, long seed) implements LayerScorer {

  GateGradient {
    if (!(step > 0 && step <= 1)) {
      throw new IllegalArgumentException(
          "The step is " + step + "; give one in (0, 1], such as " + LayerScorer.GATE_STEP);
    }
  }

  @Override
  public LayerScores score(LayeredModel model, Task task) {
    Asking.requireRows(this, task);
    ScaledLayers ability =
        model.scaledLayers().orElseThrow(() -> Asking.lacks(this, model, "scaled layers"));
    List<Request> requests = Losses.requests(model, task);
    List<double[]> gates = gates(model.info().layerCount());
    List<List<Response>> responses = Asking.ask(task, () -> ability.respond(requests, gates));
    double[][] derivatives = new double[gates.size() / 2][];
    for (int layer = 0; layer < derivatives.length; layer++) {
      String under = "with the gate of layer " + layer + " off 1 by " + step;
      double[] below = Losses.of(model, task, under, responses.get(2 * layer));
      double[] above = Losses.of(model, task, under, responses.get(2 * layer + 1));
      derivatives[layer] =
          Arrays.stream(Losses.difference(above, below)).map(d -> d / (2 * step)).toArray();
    }
    return RowMeans.of(this, "nat", derivatives, new Resampling(seed)::absoluteMean);
  }

  /** A pass for each layer on either side, where leaving it out is one. */
  @Override
  public long cost(LayeredModel model, Task task) {
    return 2 * LossIncrease.cost(model, Losses.requests(model, task));
  }

  /** For each layer the factors a step below 1, then a step above. */
  private List<double[]> gates(int layers) {
    List<double[]> gates = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (double factor : new double[] {1 - step, 1 + step}) {
        double[] vector = new double[layers];
        Arrays.fill(vector, 1);
        vector[layer] = factor;
        gates.add(vector);
      }
    }
    return gates;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "gate gradient (central differences, step %s)", step);
  }
}
