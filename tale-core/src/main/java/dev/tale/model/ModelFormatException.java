package dev.tale.model;

import java.io.IOException;

/**
 * A malformed model: a truncated or corrupt file, a missing weight file, a path that leads out of
 * the model's directory. Fetch or export the model again.
 */
public final class ModelFormatException extends IOException {
  private static final long serialVersionUID = 1;

  /** Creates the exception with the file, what is wrong in it, and the remedy. */
  public ModelFormatException(String message) {
    super(message);
  }

  /** Creates the exception with the file, what is wrong in it, the remedy, and the cause. */
  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
