package dev.tale.onnx.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences that run together, padded on the right to the longest.
 *
 * @param sequences all sequences
 * @param members positions in {@code sequences} of those in this batch, at least one
 */
record Batch(List<Sequence> sequences, List<Integer> members) {

  /**
   * Sorts by length, so that little is padded, and cuts where a limit is reached. One sequence is a
   * batch, whatever the limits.
   */
  static List<Batch> of(List<Sequence> sequences, Limit limit) {
    List<Batch> batches = new ArrayList<>();
    List<Integer> members = new ArrayList<>();
    for (int next : byLength(sequences)) {
      members.add(next);
      Batch grown = new Batch(sequences, List.copyOf(members));
      if (members.size() > 1 && !limit.fits(grown)) {
        batches.add(new Batch(sequences, grown.members().subList(0, members.size() - 1)));
        members = new ArrayList<>(List.of(next));
      }
    }
    if (!members.isEmpty()) {
      batches.add(new Batch(sequences, List.copyOf(members)));
    }
    return batches;
  }

  private static List<Integer> byLength(List<Sequence> sequences) {
    return IntStream.range(0, sequences.size())
        .boxed()
        .sorted(Comparator.comparingInt(index -> sequences.get(index).length()))
        .toList();
  }

  int size() {
    return members.size();
  }

  Sequence get(int member) {
    return sequences.get(members.get(member));
  }

  /** Returns the number of tokens of the longest sequence. */
  int length() {
    return IntStream.range(0, size()).map(member -> get(member).length()).max().orElse(0);
  }

  /** Returns the two halves; there are at least two members. */
  List<Batch> halves() {
    int middle = size() / 2;
    return List.of(
        new Batch(sequences, members.subList(0, middle)),
        new Batch(sequences, members.subList(middle, size())));
  }

  /** Returns the number of probes. */
  int probes() {
    return IntStream.range(0, size()).map(member -> get(member).probes().size()).sum();
  }

  /** What a batch may grow to. */
  @FunctionalInterface
  interface Limit {
    /** Returns whether a batch, of at least two sequences by ascending length, is not too large. */
    boolean fits(Batch batch);

    /** Returns this limit and another. */
    default Limit and(Limit other) {
      return batch -> fits(batch) && other.fits(batch);
    }

    /** Limits the number of sequences. */
    static Limit sequences(int most) {
      return batch -> batch.size() <= most;
    }

    /** Limits the number of probes, which bounds the logits in memory. */
    static Limit probes(int most) {
      return batch -> batch.probes() <= most;
    }
  }
}
