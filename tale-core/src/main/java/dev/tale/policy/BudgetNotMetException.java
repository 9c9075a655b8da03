package dev.tale.policy;

/** No configuration of a path is what a trade-off demands. Tells which one is nearest. */
public final class BudgetNotMetException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int nearest;

  /** Creates the exception for a choice that is not met. */
  public BudgetNotMetException(Verdict choice) {
    super(choice.explanation());
    this.nearest = choice.position();
  }

  /** Returns the position in the path of the configuration that comes nearest. */
  public int nearest() {
    return nearest;
  }
}
