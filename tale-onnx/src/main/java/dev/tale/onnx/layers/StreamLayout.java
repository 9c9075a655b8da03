package dev.tale.onnx.layers;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * How a value of the residual stream holds its elements: the number of its dimensions, where those
 * of a [batch, sequence, width] stand among them, and dimensions of 1 put between them.
 *
 * @param rank number of dimensions, without those of 1
 * @param order of three dimensions, which of [batch, sequence, width] each is; empty for others
 * @param ones places of dimensions of 1, as they were inserted
 */
public record StreamLayout(int rank, ImmutableList<Long> order, ImmutableList<Long> ones) {
  /** As models are fed: [batch, sequence, width]. */
  public static final StreamLayout ROWS = of(3, ImmutableList.of(0L, 1L, 2L));

  /** [batch * sequence, width]. */
  public static final StreamLayout FLAT = of(2, ImmutableList.of());

  /** [sequence, batch, width]. */
  static final StreamLayout SEQUENCE_FIRST = of(3, ImmutableList.of(1L, 0L, 2L));

  /** Anything else. */
  static final StreamLayout OTHER = of(0, ImmutableList.of());

  private static StreamLayout of(int rank, ImmutableList<Long> order) {
    return new StreamLayout(rank, order, ImmutableList.of());
  }

  /** Elements stay in their order, so one of three dimensions is [batch, sequence, width] again. */
  StreamLayout reshaped(int newRank) {
    boolean inOrder = rank > 0 && (order.isEmpty() || order.equals(ROWS.order));
    return inOrder ? of(newRank, newRank == ROWS.rank ? ROWS.order : ImmutableList.of()) : OTHER;
  }

  StreamLayout transposed(List<Long> perm) {
    if (rank != 3 || !ones.isEmpty() || perm.size() != 3 || !perm.stream().allMatch(this::isAxis)) {
      return OTHER;
    }
    return of(
        3,
        perm.stream()
            .map(axis -> order.get(axis.intValue()))
            .collect(ImmutableList.toImmutableList()));
  }

  private boolean isAxis(long axis) {
    return axis >= 0 && axis < rank;
  }

  StreamLayout unsqueezed(List<Long> axes) {
    return ones.isEmpty() && rank > 0
        ? new StreamLayout(rank, order, ImmutableList.copyOf(axes))
        : OTHER;
  }

  StreamLayout squeezed(List<Long> axes) {
    return ones.equals(axes) ? of(rank, order) : OTHER;
  }
}
