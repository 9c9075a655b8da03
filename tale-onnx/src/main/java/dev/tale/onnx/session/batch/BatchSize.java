package dev.tale.onnx.session.batch;

/**
 * How large batches and groups of them may be, as shares of what they may be at most: all of it at
 * first, half of what failed after an allocation failure, and twice as much again after {@value
 * #PATIENCE} groups that succeeded, since memory that others took may be free again. Shares, since
 * rows behind a shared beginning, of which there may be more, need as much as fewer that are whole.
 * Safe for several threads.
 */
public final class BatchSize {
  public static final int PATIENCE = 64;

  private Shares now = Shares.ALL;
  private int succeeded;

  public synchronized Shares now() {
    return now;
  }

  /** Notes that a group could not be run: for its only batch, or for having several. */
  public synchronized void failed(Group group) {
    Group.Most most = group.most();
    int half = (group.size() + 1) / 2;
    now =
        group.batches().size() > 1
            ? now.withGroup(group.cachedTokens() / 2.0 / most.cachedTokens())
            : now.withBatch((double) half / most.sequences());
    succeeded = 0;
  }

  public synchronized void succeeded() {
    succeeded++;
    if (succeeded >= PATIENCE) {
      now = now.doubled();
      succeeded = 0;
    }
  }

  /**
   * Shares of the most.
   *
   * @param batch of the sequences of a batch, over 0 to 1
   * @param group of the cached tokens of a group of several batches, over 0 to 1
   */
  public record Shares(double batch, double group) {
    public static final Shares ALL = new Shares(1, 1);

    /** Returns how many sequences a batch may have, at least 1. */
    int sequences(int most) {
      return Math.max(1, (int) Math.round(batch * most));
    }

    /** Returns how many cached tokens a group of several batches may come to. */
    long cachedTokens(long most) {
      return Math.round(group * most);
    }

    private Shares withBatch(double share) {
      return new Shares(Math.min(batch, share), group);
    }

    private Shares withGroup(double share) {
      return new Shares(batch, Math.min(group, share));
    }

    private Shares doubled() {
      return new Shares(Math.min(1, 2 * batch), Math.min(1, 2 * group));
    }
  }
}
