package dev.tale.model;

/**
 * A model answered with something that cannot be used: logits that are not numbers, or a written
 * model that disagrees with its original. The model or its runtime is at fault, not the request.
 */
public final class ModelOutputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Creates the exception with what was answered, where, and what to do. */
  public ModelOutputException(String message) {
    super(message);
  }
}
