package dev.tale.evaluate;

import dev.tale.model.LayerMask;
import java.io.Serializable;
import java.util.List;

/**
 * The unit of work: some masks on some consecutive rows of a task. A plain value without hidden
 * state, so that units can be journaled, repeated, and spread over threads or machines.
 *
 * @param rowSet name of the rows, {@code selection}, {@code held-out} or {@code guard} and its
 *     task's name; where several tasks select, with the task's name
 * @param from first row, inclusive
 * @param to last row, exclusive
 * @param masks the masks, without repetition, at least one
 */
public record WorkUnit(String rowSet, int from, int to, List<LayerMask> masks)
    implements Serializable {

  /** Copies the masks. */
  public WorkUnit {
    masks = List.copyOf(masks);
  }

  /** Returns the number of rows. */
  public int rows() {
    return to - from;
  }
}
