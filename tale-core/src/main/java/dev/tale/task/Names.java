package dev.tale.task;

/** Checks the names that users give. */
final class Names {
  private Names() {}

  static String check(String thing, String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          thing + " has the blank name \"" + name + "\"; give it a name that tells it from others");
    }
    return name;
  }
}
