package dev.tale.onnx.text;

/** A text that cannot be asked of the model. The message says which, why, and what to do. */
public final class UnencodableTextException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnencodableTextException(String message) {
    super(message);
  }

  UnencodableTextException(String message, Throwable cause) {
    super(message, cause);
  }
}
