package dev.tale.onnx.session.decode;

import java.util.function.Consumer;

/**
 * Hands the text of a draft on as it grows. A piece is handed on when no later token can change it:
 * neither a beginning of a stop string at the end of the text so far, nor an unfinished character.
 * All pieces together are the answer's text.
 *
 * @see DraftRules
 */
final class Pieces {
  private final Consumer<String> listener;
  private int told;

  Pieces(Consumer<String> listener) {
    this.listener = listener;
  }

  /** Tells what is new of a text. */
  void tell(String settled) {
    if (settled.length() > told) {
      String piece = settled.substring(told);
      told = settled.length();
      listener.accept(piece);
    }
  }
}
