package dev.tale.task;

/** Checks and quotes the names and expressions that users give. */
final class NameCheck {
  private NameCheck() {}

  static String check(String thing, String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          thing + " has the blank name \"" + name + "\"; give it a name that tells it from others");
    }
    return name;
  }

  /** The text in quotation marks, so that it ends where it ends whatever it contains. */
  static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
