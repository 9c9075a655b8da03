package dev.tale.importance;

import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * By how much the loss of the right answers grows when a layer is left out.
 *
 * @param seed of the bootstrap
 */
record LossIncrease(long seed) implements LayerScorer {

  @Override
  public LayerScores score(LayeredModel model, Task task) {
    Asking.requireRows(this, task);
    List<Request> requests = Losses.requests(model, task);
    List<LayerMask> masks = masks(model.info().layerCount());
    List<List<Response>> responses = Asking.ask(task, () -> model.respond(requests, masks));
    double[] whole = Losses.of(model, task, "with every layer", responses.get(0));
    double[][] increases = new double[masks.size() - 1][];
    for (int layer = 0; layer < increases.length; layer++) {
      double[] without = Losses.of(model, task, "without layer " + layer, responses.get(layer + 1));
      increases[layer] = Losses.difference(without, whole);
    }
    return RowMeans.of(this, "nat", increases, seed);
  }

  @Override
  public long cost(LayeredModel model, Task task) {
    return cost(model, Losses.requests(model, task));
  }

  static long cost(LayeredModel model, List<Request> requests) {
    return model.cost(Batch.of(requests, masks(model.info().layerCount()))).layerForwards();
  }

  /** That of the whole model, then those without one layer. */
  static List<LayerMask> masks(int layers) {
    List<LayerMask> masks = new ArrayList<>(List.of(LayerMask.none(layers)));
    IntStream.range(0, layers).forEach(layer -> masks.add(LayerMask.of(layers, layer)));
    return masks;
  }

  @Override
  public String toString() {
    return "leave-one-out loss";
  }
}
