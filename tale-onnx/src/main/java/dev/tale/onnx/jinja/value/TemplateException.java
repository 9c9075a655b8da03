package dev.tale.onnx.jinja.value;

/**
 * A template that cannot be rendered: malformed, with a construct that is not supported, failing as
 * it would in Python, or refusing what it was given. The message says which, and the line.
 */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public TemplateException(String message) {
    super(message);
  }

  /** A construct that would have to be approximated. */
  public static TemplateException unsupported(String construct) {
    return new TemplateException(construct + " is not supported");
  }

  public TemplateException atLine(int line) {
    TemplateException located = new TemplateException("line " + line + ": " + getMessage());
    located.initCause(this);
    return located;
  }
}
