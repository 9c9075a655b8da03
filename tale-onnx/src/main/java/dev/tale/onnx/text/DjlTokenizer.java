package dev.tale.onnx.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import com.google.common.base.Throwables;
import com.google.common.hash.Hasher;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Hugging Face's tokenizers through DJL.
 *
 * <p>Implementation note: DJL truncates to 512 tokens and pads unless told otherwise, so both are
 * switched off here, whatever the file says. The library reports what it cannot do by a bare {@code
 * RuntimeException}, and some of it by ending the process: {@link TokenizerFile} lets only files
 * through that it is known to bear. Closing while another thread encodes would free memory in use:
 * a lock keeps them apart.
 */
final class DjlTokenizer implements TextTokenizer {
  private static final Map<String, String> AS_IT_IS =
      Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");

  private final HuggingFaceTokenizer tokenizer;
  private final int maxCharacters;
  private final Optional<String> around;
  private final List<String> warnings;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private DjlTokenizer(HuggingFaceTokenizer tokenizer, TokenizerFile file) {
    this.tokenizer = tokenizer;
    this.maxCharacters = file.maxCharacters();
    this.around = file.around();
    this.warnings = file.warnings();
  }

  @Override
  public List<String> warnings() {
    return warnings;
  }

  static DjlTokenizer open(Path file) throws IOException {
    TokenizerFile checked = TokenizerFile.read(file);
    DjlSettings.keepOffline();
    requireLibrary();
    byte[] json = checked.json().getBytes(StandardCharsets.UTF_8);
    try (InputStream stream = new ByteArrayInputStream(json)) {
      return tried(
          file, new DjlTokenizer(HuggingFaceTokenizer.newInstance(stream, AS_IT_IS), checked));
    } catch (RuntimeException e) {
      throw Part.malformed(file, "is not a tokenizer: " + e.getMessage(), e);
    }
  }

  private static void requireLibrary() {
    try {
      LibUtils.checkStatus();
    } catch (RuntimeException | LinkageError e) {
      throw new UnsupportedModelException(
          "The native library of DJL's tokenizers does not load: "
              + Throwables.getRootCause(e).getMessage()
              + "; run on a platform that it exists for, and from Java 24 on allow native access:"
              + " --enable-native-access=ALL-UNNAMED, or ai.djl.tokenizers,com.sun.jna for modules",
          e);
    }
  }

  private static DjlTokenizer tried(Path file, DjlTokenizer tokenizer) throws ModelFormatException {
    try {
      tokenizer.encode(PromptEncoder.PROBE, true);
      return tokenizer;
    } catch (UnencodableTextException e) {
      tokenizer.close();
      throw Part.malformed(
          file, "cannot encode \"" + PromptEncoder.PROBE + "\": " + e.getMessage(), e);
    }
  }

  @Override
  public ImmutableLongArray encode(String text, boolean addSpecialTokens) {
    checkCharacters(text);
    return read(
        () -> {
          try {
            return ImmutableLongArray.copyOf(
                tokenizer.encode(text, addSpecialTokens, false).getIds());
          } catch (RuntimeException e) {
            throw new UnencodableTextException(
                "the tokenizer has no tokens for the text: "
                    + e.getMessage()
                    + "; give a text of characters that its vocabulary has, or a tokenizer.json"
                    + " with an unknown token",
                e);
          }
        });
  }

  /** The library replaces half characters, silently. */
  private void checkCharacters(String text) {
    if (text.length() > maxCharacters) {
      throw new UnencodableTextException(
          "the text has "
              + text.length()
              + " characters, more than the "
              + maxCharacters
              + " that this tokenizer's expressions and replacements bear; shorten the text");
    }
    OptionalInt half = Surrogates.unpaired(text);
    if (half.isPresent()) {
      throw new UnencodableTextException(
          "the text has an unpaired surrogate, half a character, at "
              + half.getAsInt()
              + "; give whole characters");
    }
  }

  @Override
  public String decode(ImmutableLongArray tokens, boolean skipSpecialTokens) {
    // The library takes the lower 32 bits of what is longer.
    long[] ids = tokens.stream().filter(id -> id >= 0 && id <= Integer.MAX_VALUE).toArray();
    return read(() -> tokenizer.decode(ids, skipSpecialTokens));
  }

  @Override
  public void hashInto(Hasher hasher) {
    around.ifPresent(processor -> hasher.putString(processor, StandardCharsets.UTF_8));
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
