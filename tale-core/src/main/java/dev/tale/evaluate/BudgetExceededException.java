package dev.tale.evaluate;

import java.util.Locale;

/**
 * Thrown before something is scored that would exceed an {@linkplain Objective#within objective's
 * budget}. Nothing was lost: a search ends with what it has.
 */
public final class BudgetExceededException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BudgetExceededException(long limit, long spent, long next) {
    super(
        String.format(
            Locale.ROOT,
            "The budget is %,d layer-forwards; %,d are spent and what comes next takes %,d",
            limit,
            spent,
            next));
  }
}
