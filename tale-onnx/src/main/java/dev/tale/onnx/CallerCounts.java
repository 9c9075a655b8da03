package dev.tale.onnx;

import com.google.common.collect.MapMaker;
import dev.tale.model.RunStatistics;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What each thread had a session run, so that searches which share a model are told their own share
 * alone. Calls must be counted one at a time: the session's counter does not know whom it counts
 * for. A thread that is gone is forgotten.
 */
final class CallerCounts {
  private final Supplier<RunStatistics> session;
  private final Map<Thread, RunStatistics> counts = new MapMaker().weakKeys().makeMap();

  /**
   * Counts nothing yet.
   *
   * @param session gives what the session ran so far, for whomever
   */
  CallerCounts(Supplier<RunStatistics> session) {
    this.session = session;
  }

  /** Makes a call for this thread and counts what the session runs meanwhile, if it fails too. */
  <T, E extends Exception> T count(Call<T, E> call) throws E {
    RunStatistics before = session.get();
    try {
      return call.make();
    } finally {
      counts.merge(Thread.currentThread(), session.get().since(before), RunStatistics::plus);
    }
  }

  /** The counts of this thread's calls. */
  RunStatistics ofThisThread() {
    return counts.getOrDefault(Thread.currentThread(), RunStatistics.NONE);
  }

  /**
   * A call of the model.
   *
   * @param <T> what it gives
   * @param <E> what it may throw
   */
  @FunctionalInterface
  interface Call<T, E extends Exception> {
    T make() throws E;
  }
}
