package dev.tale.text;

/** A regular expression that is too much work on some text. The message names both. */
public final class ExpressionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  ExpressionException(String message) {
    super(message);
  }
}
