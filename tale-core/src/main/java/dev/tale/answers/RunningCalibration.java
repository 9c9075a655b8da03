package dev.tale.answers;

import dev.tale.task.Outcome;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calibrates rows that come portion by portion: each by the bias of the portions before it, so that
 * an outcome, once told, stays, and no row is scored by itself. The first portion has no bias.
 */
public final class RunningCalibration {
  private final Calibration calibration;
  private final @Nullable Outcome[] known;

  /** Begins without a row of a task of that many. */
  public RunningCalibration(Calibration calibration, int rows) {
    this.calibration = calibration;
    this.known = new Outcome[rows];
  }

  /** The outcomes of the next rows, in the order given. */
  public List<Outcome> next(Map<Integer, Outcome> portion) {
    Calibration.Fitted bias = calibration.fit(Arrays.asList(known));
    Map<Integer, Outcome> calibrated = new LinkedHashMap<>();
    portion.forEach((row, outcome) -> calibrated.put(row, calibration.apply(bias, row, outcome)));
    portion.forEach((row, outcome) -> known[row] = outcome);
    return List.copyOf(calibrated.values());
  }
}
