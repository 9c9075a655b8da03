package dev.tale.onnx.session.batch;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What decoding in batches costs, in tokens: the places that prompts fill, and as much as {@value
 * #RUN} tokens for each run. How long answers become is not known before, so each counts as long as
 * it may be.
 *
 * @param requests by sequence
 */
record DecodingCost(List<TokenRequest.Generate> requests) {
  /** What a run costs beside its tokens; measured on nano-llama. */
  static final int RUN = 64;

  /** The cost of groups that are decoded to the end. */
  long of(List<Group> groups) {
    return groups.stream().mapToLong(this::of).sum();
  }

  private long of(Group group) {
    long beginning = group.prefix() == 0 ? 0 : group.prefix() + RUN;
    return beginning + group.batches().stream().mapToLong(this::of).sum();
  }

  private long of(PaddedBatch batch) {
    return batch.places() + (long) RUN * newTokens(batch);
  }

  /**
   * Returns whether a batch may be padded as it is. In two it would cost as many runs more as the
   * shorter of two answers has tokens; but answers may end early, and padding is remembered with
   * the rest, so that it must stay less than half of the tokens as well.
   */
  boolean isWorthPadding(PaddedBatch batch) {
    long padding = batch.places() - batch.tokens();
    long whole = batch.tokens() + (long) batch.size() * batch.prefix();
    return padding <= Math.max(RUN, Math.min((long) RUN * leastNewTokens(batch), whole / 2));
  }

  /** Returns how many tokens the caches of a batch may come to, padding included. */
  long cachedTokens(PaddedBatch batch) {
    return batch.size() * ((long) batch.length() + newTokens(batch));
  }

  private int newTokens(PaddedBatch batch) {
    return answers(batch).max().orElse(0);
  }

  private int leastNewTokens(PaddedBatch batch) {
    return answers(batch).min().orElse(0);
  }

  private IntStream answers(PaddedBatch batch) {
    return batch.members().stream()
        .map(requests::get)
        .mapToInt(TokenRequest.Generate::maxNewTokens);
  }
}
