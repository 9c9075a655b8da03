package dev.tale.report;

import dev.tale.estimate.Estimate;
import java.util.List;
import java.util.Optional;

/**
 * One of BEST, BSBA and FINAL, against the baseline.
 *
 * @param name its name
 * @param entry the configuration
 * @param byTask its gain on each task, in their order, on held-out rows if there are any; empty for
 *     the baseline itself
 * @param selectionBias by how much the selection rows overstate its gain over the baseline; empty
 *     for the baseline itself
 */
public record Finding(
    String name, Entry entry, List<Gain> byTask, Optional<Estimate> selectionBias) {

  /** Copies the gains. */
  public Finding {
    byTask = List.copyOf(byTask);
  }

  /** Returns whether this is the baseline, of which there is nothing to find. */
  public boolean isBaseline() {
    return entry.mask().removedCount() == 0;
  }
}
