package dev.tale.onnx.text;

/**
 * An upper bound of a number of steps, as a polynomial of a text's length.
 *
 * @param fixed steps for any text
 * @param linear steps for each character
 * @param more steps that grow faster than the text
 */
record StepBound(double fixed, double linear, double more) {
  static final StepBound NONE = new StepBound(0, 0, 0);
  static final StepBound ONE = new StepBound(1, 0, 0);

  /** One step for each character. */
  static final StepBound LENGTH = new StepBound(0, 1, 0);

  static StepBound of(double steps) {
    return new StepBound(steps, 0, 0);
  }

  StepBound plus(StepBound other) {
    return new StepBound(fixed + other.fixed, linear + other.linear, more + other.more);
  }

  StepBound times(StepBound other) {
    return new StepBound(
        fixed * other.fixed,
        fixed * other.linear + linear * other.fixed,
        linear * other.linear
            + more * (other.fixed + other.linear + other.more)
            + other.more * (fixed + linear));
  }

  boolean isFixed() {
    return linear == 0 && more == 0;
  }
}
