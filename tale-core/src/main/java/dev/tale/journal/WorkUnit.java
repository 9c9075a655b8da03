package dev.tale.journal;

import dev.tale.model.LayerMask;
import java.io.Serializable;
import java.util.List;

/**
 * The unit of work: some masks on some rows of a task. A plain value without hidden state, so that
 * units can be journaled, repeated, and spread over threads or machines.
 *
 * @param rowSet name of the rows, {@code selection}, {@code held-out} or {@code guard} and its
 *     task's name; where several tasks select, with the task's name; {@code loss of} these or of
 *     another task, where it is the likelihood of the right answers that was asked
 * @param rows positions of the rows in the task, without repetition, at least one
 * @param masks the masks, without repetition, at least one
 */
public record WorkUnit(String rowSet, List<Integer> rows, List<LayerMask> masks)
    implements Serializable {

  /** Copies the rows and the masks. */
  public WorkUnit {
    rows = List.copyOf(rows);
    masks = List.copyOf(masks);
  }
}
