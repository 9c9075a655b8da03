package dev.tale.text;

/**
 * A text that can be looked at so often. An engine has no other limit and cannot be interrupted.
 */
final class BoundedText implements CharSequence {
  private final String text;
  private long looks;

  BoundedText(String text, long looks) {
    this.text = text;
    this.looks = looks;
  }

  /** Thrown within an engine; says nothing, for only the caller knows the expression. */
  static final class ExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ExhaustedException() {
      super("", null, false, false);
    }
  }

  @Override
  public char charAt(int index) {
    if (--looks < 0) {
      throw new ExhaustedException();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
