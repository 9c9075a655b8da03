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
   *
   * @param maxSequences largest number of sequences in a batch
   * @param maxProbes largest number of probes in a batch, which bounds the logits in memory
   */
  static List<Batch> of(List<Sequence> sequences, int maxSequences, int maxProbes) {
    List<Batch> batches = new ArrayList<>();
    List<Integer> members = new ArrayList<>();
    int probes = 0;
    for (int next : byLength(sequences)) {
      int more = sequences.get(next).probes().size();
      if (!members.isEmpty() && (members.size() == maxSequences || probes + more > maxProbes)) {
        batches.add(new Batch(sequences, List.copyOf(members)));
        members.clear();
        probes = 0;
      }
      members.add(next);
      probes += more;
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
}
