package dev.tale.onnx.text;

/** A regular expression that is not known to be harmless; the message says why. */
final class UnsafeExpressionException extends Exception {
  private static final long serialVersionUID = 1;

  UnsafeExpressionException(String message) {
    super(message);
  }
}
