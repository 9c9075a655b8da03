package dev.tale.onnx.session;

import dev.tale.model.LayerMask;
import java.util.List;

/**
 * How far a written model is from the gated one under the same mask.
 *
 * @param maxAbsDifference largest absolute difference between two logits; NaN if one is NaN
 * @param maxAbsLogit largest absolute logit of the gated model
 * @param prompts number of distinct sequences compared
 */
public record LogitComparison(double maxAbsDifference, double maxAbsLogit, int prompts) {

  /**
   * Compares, for every sequence that the requests need, all logits at every position that the
   * requests read.
   *
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws IllegalStateException if a session is closed
   */
  public static LogitComparison of(
      List<TokenRequest> requests, GatedSession gated, LayerMask mask, PlainSession plain) {
    List<Sequence> sequences = RequestPlan.of(requests).sequences();
    LogitComparison all = new LogitComparison(0, 0, 0);
    for (Sequence sequence : sequences) {
      List<Integer> positions = sequence.probes().stream().map(Probe::position).toList();
      List<float[]> expected = gated.logits(sequence.tokens(), positions, mask);
      all = all.and(compare(expected, plain.logits(sequence.tokens(), positions)));
    }
    return all;
  }

  private static LogitComparison compare(List<float[]> expected, List<float[]> actual) {
    double difference = 0;
    double largest = 0;
    for (int row = 0; row < expected.size(); row++) {
      for (int token = 0; token < expected.get(row).length; token++) {
        double logit = expected.get(row)[token];
        difference = Math.max(difference, Math.abs(logit - actual.get(row)[token]));
        largest = Math.max(largest, Math.abs(logit));
      }
    }
    return new LogitComparison(difference, largest, 1);
  }

  /** {@link Math#max} keeps a NaN. */
  private LogitComparison and(LogitComparison other) {
    return new LogitComparison(
        Math.max(maxAbsDifference, other.maxAbsDifference),
        Math.max(maxAbsLogit, other.maxAbsLogit),
        prompts + other.prompts);
  }
}
