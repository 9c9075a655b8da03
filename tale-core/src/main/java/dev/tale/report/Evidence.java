package dev.tale.report;

import dev.tale.estimate.Estimate;
import java.util.List;

/**
 * What the rows say of a configuration against the baseline.
 *
 * @param byTask its gain on each task, in their order, on held-out rows if there are any
 * @param selectionBias by how much the selection rows overstate its gain over the baseline, an
 *     absolute difference of accuracy
 */
public record Evidence(List<Gain> byTask, Estimate selectionBias) {

  /** Copies the gains. */
  public Evidence {
    byTask = List.copyOf(byTask);
  }
}
