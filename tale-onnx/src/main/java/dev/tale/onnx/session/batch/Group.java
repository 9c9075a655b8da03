package dev.tale.onnx.session.batch;

import com.google.common.primitives.ImmutableLongArray;
import java.util.List;

/**
 * Batches whose sequences all begin with the same tokens, which are run once for all of them.
 *
 * @param batches at least one, with the same prefix; where that is 0, one
 * @param most how large groups of this kind may be if memory is free
 */
public record Group(List<PaddedBatch> batches, Most most) {

  /** Returns the number of tokens that are run once for all. */
  public int prefix() {
    return batches.get(0).prefix();
  }

  /** Returns the number of tokens that are fed: the beginning once, and what follows it. */
  public long tokens() {
    return prefix() + batches.stream().mapToLong(PaddedBatch::tokens).sum();
  }

  /** Number of tokens that are fed for groups. */
  public static long tokens(List<Group> groups) {
    return groups.stream().mapToLong(Group::tokens).sum();
  }

  /** Returns the beginning as a batch of one, of which nothing is read. */
  public PaddedBatch beginning() {
    ImmutableLongArray tokens = batches.get(0).get(0).tokens().subArray(0, prefix());
    return PaddedBatch.whole(List.of(new Sequence(tokens, List.of())), List.of(0));
  }

  /** Returns the number of sequences of the largest batch. */
  public int size() {
    return batches.stream().mapToInt(PaddedBatch::size).max().orElse(0);
  }

  /** Returns the number of tokens of the longest sequence. */
  public int length() {
    return batches.stream().mapToInt(PaddedBatch::length).max().orElse(0);
  }

  /** Returns the number of tokens that caches of all batches hold. */
  long cachedTokens() {
    return batches.stream().mapToLong(batch -> batch.size() * (long) batch.length()).sum();
  }

  /** Returns whether there are {@link #halves}. */
  public boolean isDivisible() {
    return batches.size() > 1 || size() > 1;
  }

  /** Returns two groups of half the batches, or of the halves of the only one. */
  public List<Group> halves() {
    List<PaddedBatch> all = batches.size() > 1 ? batches : batches.get(0).halves();
    int middle = all.size() / 2;
    return List.of(
        new Group(all.subList(0, middle), most), new Group(all.subList(middle, all.size()), most));
  }

  /**
   * How large groups may be.
   *
   * @param sequences of a batch, at least 1
   * @param cachedTokens of several batches, at least 1
   */
  record Most(int sequences, long cachedTokens) {}
}
