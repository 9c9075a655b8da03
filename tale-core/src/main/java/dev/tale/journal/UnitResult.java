package dev.tale.journal;

import dev.tale.task.Outcome;
import java.io.Serializable;
import java.util.List;

/**
 * What a {@link WorkUnit} found.
 *
 * @param unit the work
 * @param outcomes outcomes indexed by mask, then by row, in the unit's order
 * @param work what it cost
 */
public record UnitResult(WorkUnit unit, List<List<Outcome>> outcomes, Work work)
    implements Serializable {

  /** Copies the outcomes. */
  public UnitResult {
    outcomes = outcomes.stream().map(List::copyOf).toList();
  }
}
