package dev.tale.onnx.text;

/**
 * An upper bound of a number of steps, as a polynomial of a text's length.
 *
 * @param fixed steps for any text
 * @param linear steps for each character
 * @param more steps that grow faster than the text
 */
record Cost(double fixed, double linear, double more) {
  static final Cost NONE = new Cost(0, 0, 0);
  static final Cost ONE = new Cost(1, 0, 0);

  /** One step for each character. */
  static final Cost LENGTH = new Cost(0, 1, 0);

  static Cost of(double steps) {
    return new Cost(steps, 0, 0);
  }

  Cost plus(Cost other) {
    return new Cost(fixed + other.fixed, linear + other.linear, more + other.more);
  }

  Cost times(Cost other) {
    return new Cost(
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
