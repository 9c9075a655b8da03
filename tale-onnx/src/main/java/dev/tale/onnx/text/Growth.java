package dev.tale.onnx.text;

import dev.tale.model.ModelFormatException;

/**
 * How many times longer a text can become, and how long a text its expressions bear. Mutable: the
 * parts of a tokenizer are added as they are read.
 */
final class Growth {
  /** Largest factor by which the parts of one file may lengthen a text. */
  private static final double MAX_FACTOR = 1 << 14;

  /** Largest number of characters that the library is to work on at once. */
  private static final double MAX_WORK = 1 << 29;

  private double factor = 1;
  private double limit = Double.MAX_VALUE;

  /**
   * Adds a part.
   *
   * @param times characters that it makes of one, at least 1
   */
  void multiply(Part part, double times) throws ModelFormatException {
    factor *= Math.max(1, times);
    if (factor > MAX_FACTOR) {
      throw part.malformed(
          "and the parts before it can make a text more than " + MAX_FACTOR + " times longer");
    }
  }

  /** Adds an expression that what the parts so far make of a text is searched for. */
  void search(SafeExpression expression) {
    limit = Math.min(limit, expression.maxCharacters() / factor);
  }

  /** Returns the largest number of characters that a text may have. */
  int maxCharacters() {
    return (int) Math.min(Integer.MAX_VALUE, Math.min(limit, MAX_WORK / factor));
  }
}
