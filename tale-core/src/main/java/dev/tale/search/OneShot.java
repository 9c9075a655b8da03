package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import dev.tale.policy.Floor;
import java.util.ArrayList;
import java.util.List;

/** Removes layers in the order of a score: see {@link SearchStrategy#oneShot}. */
record OneShot(RemovalOrder order) implements SearchStrategy {

  @Override
  public Trajectory search(Objective objective, Floor floor) {
    order.require(objective.model());
    return Exploration.of(objective, floor, this::explore);
  }

  private void explore(Exploration search) {
    search.holdEach(masks(search.model(), search.objective().mostRemoved()));
  }

  /** What the last attention is not part of goes before it. */
  private List<LayerMask> masks(ModelInfo model, int mostRemoved) {
    List<LayerMask> masks = new ArrayList<>();
    LayerMask mask = LayerMask.none(model.layerCount());
    for (int layer : order.layers()) {
      LayerMask next = mask.remove(layer);
      if (masks.size() < mostRemoved && model.leavesAttention(next)) {
        masks.add(next);
        mask = next;
      }
    }
    return masks;
  }

  @Override
  public String toString() {
    return "one-shot by " + order;
  }
}
