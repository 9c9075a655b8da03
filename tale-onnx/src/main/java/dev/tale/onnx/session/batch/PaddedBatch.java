package dev.tale.onnx.session.batch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences that run together, padded on the right to the longest.
 *
 * @param sequences all sequences
 * @param members positions in {@code sequences} of those in this batch, at least one
 * @param prefix number of tokens that all members begin with alike and that are run before, once
 *     for all; no position among them is read; 0 if each is run whole
 * @param least places that each member has at least, padding counted
 */
public record PaddedBatch(List<Sequence> sequences, List<Integer> members, int prefix, int least) {

  PaddedBatch(List<Sequence> sequences, List<Integer> members, int prefix) {
    this(sequences, members, prefix, 0);
  }

  /** Returns sequences that are each run whole. */
  public static PaddedBatch whole(List<Sequence> sequences, List<Integer> members) {
    return new PaddedBatch(sequences, members, 0);
  }

  /** Returns the members, each run whole. */
  public PaddedBatch whole() {
    return new PaddedBatch(sequences, members, 0, least);
  }

  /** Returns the members, padded to at least so many places. */
  public PaddedBatch atLeast(int places) {
    return new PaddedBatch(sequences, members, prefix, places);
  }

  /**
   * Sorts by length, so that little is padded, and cuts where a limit is reached. One sequence is a
   * batch, whatever the limits.
   */
  static List<PaddedBatch> of(List<Sequence> sequences, Limit limit) {
    return whole(sequences, IntStream.range(0, sequences.size()).boxed().toList()).cut(limit);
  }

  /** Returns the members in batches that begin alike, as {@link #of} does. */
  List<PaddedBatch> cut(Limit limit) {
    List<PaddedBatch> batches = new ArrayList<>();
    List<Integer> some = new ArrayList<>();
    for (int next : byLength()) {
      some.add(next);
      if (some.size() > 1 && !limit.fits(with(some))) {
        batches.add(with(some.subList(0, some.size() - 1)));
        some = new ArrayList<>(List.of(next));
      }
    }
    if (!some.isEmpty()) {
      batches.add(with(some));
    }
    return batches;
  }

  private List<Integer> byLength() {
    return members.stream()
        .sorted(Comparator.comparingInt(index -> sequences.get(index).length()))
        .toList();
  }

  private PaddedBatch with(List<Integer> some) {
    return new PaddedBatch(sequences, List.copyOf(some), prefix, least);
  }

  public int size() {
    return members.size();
  }

  public Sequence get(int member) {
    return sequences.get(members.get(member));
  }

  /** Returns the number of tokens of the longest sequence, or of places if that is more. */
  public int length() {
    int longest = IntStream.range(0, size()).map(member -> get(member).length()).max().orElse(0);
    return Math.max(longest, least);
  }

  /** Returns the number of tokens that are fed, those of the prefix not among them. */
  long tokens() {
    return IntStream.range(0, size()).mapToLong(row -> get(row).length() - prefix).sum();
  }

  /** Returns the number of places that are fed, padding counted, those of the prefix not. */
  long places() {
    return (long) size() * (length() - prefix);
  }

  /** Returns the two halves; there are at least two members. */
  List<PaddedBatch> halves() {
    int middle = size() / 2;
    return List.of(with(members.subList(0, middle)), with(members.subList(middle, size())));
  }

  /** Returns the number of probes. */
  int probes() {
    return IntStream.range(0, size()).map(member -> get(member).probes().size()).sum();
  }

  /** What a batch may grow to. */
  @FunctionalInterface
  interface Limit {
    /** Returns whether a batch, of at least two sequences by ascending length, is not too large. */
    boolean fits(PaddedBatch batch);

    /** Returns this limit and another. */
    default Limit and(Limit other) {
      return batch -> fits(batch) && other.fits(batch);
    }

    /** Limits the number of sequences. */
    static Limit sequences(int most) {
      return batch -> batch.size() <= most;
    }

    /** Limits the number of places that hold no token. */
    static Limit padding(int most) {
      return batch -> batch.places() - batch.tokens() <= most;
    }

    /** Limits the number of probes, which bounds the logits in memory. */
    static Limit probes(int most) {
      return batch -> batch.probes() <= most;
    }
  }
}
