package dev.tale.onnx.text;

import com.google.common.hash.Hasher;
import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Text to token ids and back. Never truncates, never pads; safe to share between threads. */
public interface TextTokenizer extends AutoCloseable {

  /**
   * Opens a {@code tokenizer.json} of Hugging Face's tokenizers. Truncation and padding that the
   * file asks for are switched off. Of tokenizers of some classes {@code tokenizer_config.json}
   * beside it decides which tokens are put around a text, as in Hugging Face transformers 4.57.6.
   * Opens no socket.
   *
   * @throws dev.tale.model.ModelFormatException if the file is missing, truncated or malformed, or
   *     has an expression that is not known to be harmless
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
   * Returns the text of tokens; ids that no token has are passed over.
   *
   * @param skipSpecialTokens whether to leave special tokens out
   * @throws IllegalStateException if the tokenizer is closed
   */
  String decode(ImmutableLongArray tokens, boolean skipSpecialTokens);

  /** What the files of the tokenizer say against each other, a sentence each. */
  default List<String> warnings() {
    return List.of();
  }

  /** Adds everything that tokens depend on, besides the tokenizer's own file. */
  default void hashInto(Hasher hasher) {}

  /** Frees what the tokenizer holds. Closing twice has no effect. */
  @Override
  void close();
}
