package dev.tale.evaluate;

import dev.tale.journal.Work;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How many layer-forwards may be spent, counted as {@link Work} counts them: journaled ones too, so
 * that a resumed search stops where an undisturbed one does.
 *
 * @param limit the most layer-forwards, from the beginning of the budget; {@link Long#MAX_VALUE}
 *     for no limit
 * @param start layer-forwards that were spent before
 * @param spent layer-forwards spent so far, those before included
 */
record Budget(long limit, long start, LongSupplier spent) {

  static Budget unlimited() {
    return new Budget(Long.MAX_VALUE, 0, () -> 0);
  }

  /** Returns a budget that begins now and ends no later than this one. */
  Budget within(long layerForwards, LongSupplier counter) {
    return new Budget(Math.min(layerForwards, left()), counter.getAsLong(), counter);
  }

  boolean isLimited() {
    return limit < Long.MAX_VALUE;
  }

  private long left() {
    return isLimited() ? limit - used() : limit;
  }

  private long used() {
    return spent.getAsLong() - start;
  }

  /**
   * Checks that what comes next can be paid.
   *
   * @param next what that is, for people
   * @param cost its layer-forwards, at most; not asked if there is no limit
   * @throws BudgetExceededException if it cannot
   */
  void require(Supplier<String> next, LongSupplier cost) {
    if (!isLimited()) {
      return;
    }
    long needed = cost.getAsLong();
    if (needed > left()) {
      throw new BudgetExceededException(limit, used(), next.get(), needed);
    }
  }
}
