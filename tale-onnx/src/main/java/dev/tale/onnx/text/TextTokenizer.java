package dev.tale.onnx.text;

import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.nio.file.Path;

/** Text to token ids and back. Never truncates, never pads; safe to share between threads. */
public interface TextTokenizer extends AutoCloseable {

  /**
   * Opens a {@code tokenizer.json} of Hugging Face's tokenizers. Truncation and padding that the
   * file asks for are switched off. Opens no socket.
   *
   * @throws dev.tale.model.ModelFormatException if the file is missing, truncated or malformed
   * @throws IOException if the file cannot be read
   */
  static TextTokenizer open(Path file) throws IOException {
    return DjlTokenizer.open(file);
  }

  /**
   * Returns the tokens of a text, all of them.
   *
   * @param addSpecialTokens whether to add what the tokenizer puts around a text, BOS for example;
   *     special tokens that are written in the text are recognised in any case
   * @throws UnencodableTextException if the text is not whole characters
   * @throws IllegalStateException if the tokenizer is closed
   */
  ImmutableLongArray encode(String text, boolean addSpecialTokens);

  /**
   * Returns the text of tokens.
   *
   * @param skipSpecialTokens whether to leave special tokens out
   * @throws IllegalStateException if the tokenizer is closed
   */
  String decode(ImmutableLongArray tokens, boolean skipSpecialTokens);

  /** Frees what the tokenizer holds. Closing twice has no effect. */
  @Override
  void close();
}
