package dev.tale.model;

import java.io.Serializable;

/**
 * Work that a batch takes, in layer-forwards: tokens times layers, padding not counted; of a {@link
 * Request.Generation} the prompt alone, since what follows depends on the answer.
 *
 * @param layerForwards with all that the model shares between masks and requests
 * @param naiveLayerForwards if nothing were shared between masks, and no beginning of a prompt
 *     between requests: what a search is compared with
 */
public record PlannedWork(long layerForwards, long naiveLayerForwards) implements Serializable {

  /** No work. */
  public static final PlannedWork NONE = new PlannedWork(0, 0);

  /** The sum of both. */
  public PlannedWork plus(PlannedWork other) {
    return new PlannedWork(
        layerForwards + other.layerForwards, naiveLayerForwards + other.naiveLayerForwards);
  }
}
