package dev.tale.onnx.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.ModelFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's tokenizers through DJL.
 *
 * <p>Implementation note: DJL truncates to 512 tokens and pads unless told otherwise, so both are
 * switched off here, whatever the file says. The library reports a malformed file by a bare {@code
 * RuntimeException}. Closing while another thread encodes would free memory in use: a lock keeps
 * them apart.
 */
final class DjlTokenizer implements TextTokenizer {
  private static final Map<String, String> AS_IT_IS =
      Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");

  private final HuggingFaceTokenizer tokenizer;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private DjlTokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  static DjlTokenizer open(Path file) throws IOException {
    DjlSettings.keepOffline();
    if (!Files.isRegularFile(file)) {
      throw malformed(file, "does not exist or is not a regular file", null);
    }
    byte[] json = Files.readAllBytes(file);
    checkText(file, json);
    try (InputStream stream = new ByteArrayInputStream(json)) {
      return new DjlTokenizer(HuggingFaceTokenizer.newInstance(stream, AS_IT_IS));
    } catch (RuntimeException e) {
      throw malformed(file, "is truncated or not a tokenizer: " + e.getMessage(), e);
    }
  }

  /** The library replaces what is not UTF-8, silently. */
  private static void checkText(Path file, byte[] json) throws ModelFormatException {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
    } catch (CharacterCodingException e) {
      throw malformed(file, "is not UTF-8 text", e);
    }
  }

  private static ModelFormatException malformed(Path file, String what, @Nullable Throwable cause) {
    String message = "Tokenizer " + file + " " + what + "; fetch or export the model again";
    return cause == null
        ? new ModelFormatException(message)
        : new ModelFormatException(message, cause);
  }

  @Override
  public ImmutableLongArray encode(String text, boolean addSpecialTokens) {
    checkCharacters(text);
    return read(
        () -> ImmutableLongArray.copyOf(tokenizer.encode(text, addSpecialTokens, false).getIds()));
  }

  /** The library replaces half characters, silently. */
  private static void checkCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSurrogatePair(
            text.charAt(i), text.charAt(Math.min(i + 1, text.length() - 1)))) {
          throw new UnencodableTextException(
              "the text has an unpaired surrogate, half a character, at "
                  + i
                  + "; give whole characters");
        }
        i++;
      }
    }
  }

  @Override
  public String decode(ImmutableLongArray tokens, boolean skipSpecialTokens) {
    return read(() -> tokenizer.decode(tokens.toArray(), skipSpecialTokens));
  }

  private <T> T read(Supplier<T> use) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("The tokenizer is closed; open the model again");
      }
      return use.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        tokenizer.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
