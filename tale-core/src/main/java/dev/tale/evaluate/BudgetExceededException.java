package dev.tale.evaluate;

import java.util.Locale;

/**
 * Thrown before something is scored that would exceed an {@linkplain Objective#within objective's
 * budget}. Nothing was lost: a search ends with what it has. The message has the budget, what is
 * spent and left, what comes next with its cost, and the budget that would pay it.
 */
public final class BudgetExceededException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BudgetExceededException(long limit, long spent, String next, long needed) {
    super(
        String.format(
            Locale.ROOT,
            "The budget is %,d layer-forwards; %,d are spent, %,d are left, and what comes next,"
                + " %s, takes up to %,d; raise the budget to at least %,d, with the run's journal"
                + " if it has one: what is done is not repeated",
            limit,
            spent,
            limit - spent,
            next,
            needed,
            spent + needed));
  }
}
