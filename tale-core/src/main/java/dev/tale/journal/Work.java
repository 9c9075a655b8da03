package dev.tale.journal;

import java.io.Serializable;

/**
 * Work done, counted so that it is the same on every machine and after every interruption.
 *
 * @param rowEvaluations rows times masks that were scored
 * @param naiveRowEvaluations the same if every mask that was asked had been scored on every row
 * @param layerForwards tokens times layers that were run; padding is not counted. Of a generation,
 *     the prompt, which masks share as far as they agree, and every token that was fed to get
 *     another, under each mask by itself
 * @param naiveLayerForwards the same if every mask that was asked had been run on every row, and on
 *     its own, sharing nothing. Of a generation that was spared, only the prompt counts: how many
 *     tokens would have followed is not known
 */
public record Work(
    long rowEvaluations, long naiveRowEvaluations, long layerForwards, long naiveLayerForwards)
    implements Serializable {

  /** No work. */
  public static final Work NONE = new Work(0, 0, 0, 0);

  /** Returns the sum. */
  public Work plus(Work other) {
    return new Work(
        rowEvaluations + other.rowEvaluations,
        naiveRowEvaluations + other.naiveRowEvaluations,
        layerForwards + other.layerForwards,
        naiveLayerForwards + other.naiveLayerForwards);
  }
}
