package dev.tale.report;

import dev.tale.estimate.Interval;

/**
 * A configuration with its accuracy and its measured latency.
 *
 * @param label a short name for people, such as {@code BEST}
 * @param removedLayers number of removed layers, or of removed parts of layers
 * @param accuracy a fraction in [0, 1]
 * @param accuracyInterval 95 % interval of the accuracy
 * @param milliseconds measured latency, what of is for whoever measured it to say
 * @param millisecondsInterval 95 % interval of the latency
 * @param onFront whether no other configuration beats this one in both
 */
public record LatencyPoint(
    String label,
    int removedLayers,
    double accuracy,
    Interval accuracyInterval,
    double milliseconds,
    Interval millisecondsInterval,
    boolean onFront) {

  /**
   * Checks the figures.
   *
   * @throws IllegalArgumentException if the latency is not a finite number greater than 0, or the
   *     accuracy is not in [0, 1]
   */
  public LatencyPoint {
    if (!(milliseconds > 0 && milliseconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          label + " takes " + milliseconds + " milliseconds; give a finite number greater than 0");
    }
    if (!(accuracy >= 0 && accuracy <= 1)) {
      throw new IllegalArgumentException(
          label + " has accuracy " + accuracy + "; give a fraction in [0, 1]");
    }
  }
}
