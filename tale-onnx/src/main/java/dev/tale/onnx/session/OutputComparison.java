package dev.tale.onnx.session;

import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.onnx.session.batch.PairPlan;
import dev.tale.onnx.session.batch.Probe;
import dev.tale.onnx.session.batch.RequestPlan;
import dev.tale.onnx.session.batch.Sequence;
import dev.tale.onnx.session.batch.TokenPair;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.PlainSession;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far a written model is from the gated one under the same mask.
 *
 * @param maxAbsDifference largest absolute difference between two elements of the output; NaN if
 *     one is NaN
 * @param maxAbsValue largest absolute element of the gated model's output
 * @param prompts number of distinct sequences compared
 */
public record OutputComparison(double maxAbsDifference, double maxAbsValue, int prompts) {

  /** The written model gives logits at every position: 64 MiB of them are in memory at once. */
  private static final int MAX_LOGITS = 1 << 24;

  /**
   * Compares, for every sequence that a decoder's requests need, all logits at every position that
   * the requests read; of a sequence with more than {@value #MAX_LOGITS} logits, those that lie
   * before.
   *
   * @param patches maps in the place of spans of the removed layers, which the written model has
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws IllegalStateException if a session is closed
   */
  public static OutputComparison ofLogits(
      List<TokenRequest> requests,
      GatedSession gated,
      LayerMask mask,
      List<LinearPatch> patches,
      PlainSession plain) {
    int length = Math.max(1, MAX_LOGITS / gated.vocabularySize());
    return of(
        RequestPlan.of(requests).sequences().stream().map(s -> beginning(s, length)).toList(),
        gated,
        mask,
        patches,
        plain);
  }

  /** What is not read beyond some length; the last position there if nothing was before it. */
  static Sequence beginning(Sequence sequence, int length) {
    if (sequence.length() <= length) {
      return sequence;
    }
    List<Probe> probes =
        sequence.probes().stream().filter(probe -> probe.position() < length).toList();
    return new Sequence(
        sequence.tokens().subArray(0, length),
        probes.isEmpty() ? List.of(new Probe(length - 1, RequestPlan.ANY_TOKEN)) : probes);
  }

  /**
   * Compares the last hidden state at every position of every text.
   *
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws IllegalStateException if a session is closed
   */
  public static OutputComparison ofHiddenStates(
      List<TokenPair> pairs, GatedSession gated, LayerMask mask, PlainSession plain) {
    return of(
        PairPlan.of(pairs).sequences().stream().map(OutputComparison::everywhere).toList(),
        gated,
        mask,
        List.of(),
        plain);
  }

  private static Sequence everywhere(Sequence sequence) {
    return new Sequence(
        sequence.tokens(),
        IntStream.range(0, sequence.length())
            .mapToObj(position -> new Probe(position, RequestPlan.ANY_TOKEN))
            .toList());
  }

  private static OutputComparison of(
      List<Sequence> sequences,
      GatedSession gated,
      LayerMask mask,
      List<LinearPatch> patches,
      PlainSession plain) {
    OutputComparison all = new OutputComparison(0, 0, 0);
    for (Sequence sequence : sequences) {
      List<Integer> positions = sequence.probes().stream().map(Probe::position).toList();
      List<float[]> expected = gated.output(sequence.tokens(), positions, mask, patches);
      all = all.and(compare(expected, plain.output(sequence.tokens(), positions)));
    }
    return all;
  }

  private static OutputComparison compare(List<float[]> expected, List<float[]> actual) {
    double difference = 0;
    double largest = 0;
    for (int row = 0; row < expected.size(); row++) {
      for (int column = 0; column < expected.get(row).length; column++) {
        double value = expected.get(row)[column];
        difference = Math.max(difference, Math.abs(value - actual.get(row)[column]));
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return new OutputComparison(difference, largest, 1);
  }

  /** Returns whether the difference is so small, relative to the largest element, at least 1. */
  public boolean isWithin(double relative) {
    return maxAbsDifference <= tolerance(relative);
  }

  /** Returns the largest difference that {@link #isWithin} allows. */
  public double tolerance(double relative) {
    return relative * Math.max(1, maxAbsValue);
  }

  /** {@link Math#max} keeps a NaN. */
  private OutputComparison and(OutputComparison other) {
    return new OutputComparison(
        Math.max(maxAbsDifference, other.maxAbsDifference),
        Math.max(maxAbsValue, other.maxAbsValue),
        prompts + other.prompts);
  }
}
