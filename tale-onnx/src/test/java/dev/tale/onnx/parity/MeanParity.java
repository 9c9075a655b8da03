package dev.tale.onnx.parity;

import com.google.common.collect.ImmutableList;
import dev.tale.onnx.parity.HarnessRun.Mean;
import java.util.Map;
import java.util.Objects;

/**
 * Means and their standard errors beside those of the harness. Where it puts several tasks together
 * (the subjects of MMLU), its mean is over all rows as here, but its standard error is pooled from
 * the variances within the tasks: that one is another figure, and not compared.
 */
final class MeanParity {
  private static final double ROUNDING = 1e-9;

  private MeanParity() {}

  static ImmutableList<String> differences(HarnessRun run, Map<String, Double> ours, int rows) {
    ImmutableList.Builder<String> differences = ImmutableList.builder();
    ours.forEach(
        (name, mean) -> {
          Mean harness = Objects.requireNonNull(run.settings().scores().get(name));
          double stderr = Math.sqrt(mean * (1 - mean) / (rows - 1));
          if (Math.abs(mean - harness.value()) > ROUNDING) {
            differences.add(name + " " + mean + ", harness " + harness.value());
          }
          if (run.settings().tasks() == 1 && Math.abs(stderr - harness.stderr()) > ROUNDING) {
            differences.add(name + " stderr " + stderr + ", harness " + harness.stderr());
          }
        });
    return differences.build();
  }
}
