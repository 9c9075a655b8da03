package dev.tale.onnx.jinja;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param text the piece; of a string literal its value
 * @param line 1-based
 */
record Token(Kind kind, String text, int line) {
  enum Kind {
    TEXT,
    OUTPUT_BEGIN,
    OUTPUT_END,
    TAG_BEGIN,
    TAG_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  /** Returns the token as a message shows it. */
  String shown() {
    return kind == Kind.END ? "the end of the template" : "'" + text + "'";
  }
}
