package dev.tale.onnx.text;

import java.util.OptionalInt;

/** Halves of characters. */
final class Surrogates {
  private Surrogates() {}

  /** Returns where the first half without its other half is. */
  static OptionalInt unpaired(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return OptionalInt.of(i);
        }
        i++;
      }
    }
    return OptionalInt.empty();
  }
}
