package dev.tale.onnx.session;

/**
 * How many sequences a batch may have: at first as many as are configured, half of what failed
 * after an allocation failure, and twice as many again after {@value #PATIENCE} batches that
 * succeeded, since memory that others took may be free again. Safe for several threads.
 */
final class BatchSize {
  static final int PATIENCE = 64;

  private final int configured;
  private int now;
  private int succeeded;

  BatchSize(int configured) {
    this.configured = configured;
    this.now = configured;
  }

  synchronized int now() {
    return now;
  }

  int configured() {
    return configured;
  }

  synchronized void failed(int sequences) {
    now = Math.max(1, Math.min(now, (sequences + 1) / 2));
    succeeded = 0;
  }

  synchronized void succeeded() {
    succeeded++;
    if (now < configured && succeeded >= PATIENCE) {
      now = Math.min(configured, 2 * now);
      succeeded = 0;
    }
  }
}
