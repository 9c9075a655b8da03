package dev.tale.model;

/**
 * A well-formed model, or a device, that cannot be used: no recognisable layers, a layer that
 * cannot be removed, an execution provider that is not there. The message says which and why.
 */
public final class UnsupportedModelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Creates the exception with the file, the node or device, the reason and the remedy. */
  public UnsupportedModelException(String message) {
    super(message);
  }

  /** Creates the exception with the file, the node or device, the reason, and the cause. */
  public UnsupportedModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
