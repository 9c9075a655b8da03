package dev.tale.evaluate;

import java.io.Serializable;

/**
 * Work done, counted so that it is the same on every machine and after every interruption.
 *
 * @param rowEvaluations rows times masks
 * @param layerForwards tokens times layers that were run; padding is not counted
 * @param naiveLayerForwards the same if every mask had been run on its own, sharing nothing
 */
public record Work(long rowEvaluations, long layerForwards, long naiveLayerForwards)
    implements Serializable {

  /** No work. */
  public static final Work NONE = new Work(0, 0, 0);

  /** Returns the sum. */
  public Work plus(Work other) {
    return new Work(
        rowEvaluations + other.rowEvaluations,
        layerForwards + other.layerForwards,
        naiveLayerForwards + other.naiveLayerForwards);
  }
}
