package dev.tale.model;

/** A request that a model cannot answer. The caller should mend or drop the request. */
public final class UnanswerableRequestException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final int position;
  private final String reason;

  /**
   * Creates the exception.
   *
   * @param position 0-based position of the request in its batch
   * @param reason what cannot be answered, its value, the limit and the remedy
   */
  public UnanswerableRequestException(int position, String reason) {
    super("Request " + position + ": " + reason);
    this.position = position;
    this.reason = reason;
  }

  /** Returns the 0-based position of the request in its batch. */
  public int position() {
    return position;
  }

  /** The reason: the thing, its value, the limit and the remedy. */
  public String reason() {
    return reason;
  }
}
