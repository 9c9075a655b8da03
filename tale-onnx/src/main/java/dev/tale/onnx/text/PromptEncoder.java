package dev.tale.onnx.text;

import com.google.common.base.CharMatcher;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.onnx.jinja.value.Whitespace;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which tokens stand for a prompt, and for a prompt with a continuation.
 *
 * <p>Implementation note: the rules are those of lm-evaluation-harness for causal models. White
 * space at the end of the prompt is moved to the continuation; prompt and continuation are encoded
 * together, and what follows as many tokens as the prompt has by itself is the continuation's.
 * Where a token reaches across the boundary, that is fewer than the continuation's characters,
 * after the prompt's own tokens: so the harness has it, and so it is here, for figures that
 * compare. What the tokenizer puts before a text (BOS) is added once: not again where a rendered
 * chat template begins with it. What it puts after a text is left out, since a continuation
 * follows.
 */
public final class PromptEncoder {
  /** Tokenizers may change white space; SentencePiece writes a space as U+2581. */
  private static final CharMatcher IGNORED = Whitespace.SPACE.or(CharMatcher.is('\u2581'));

  /** Shows what is put before a text; tokenizers that cannot encode it are refused. */
  static final String PROBE = "a";

  private static final int SHOWN = 60;

  private final TextTokenizer tokenizer;
  private final ImmutableLongArray prefix;

  /** The choices of a row follow one another, and differ only in their continuation. */
  private volatile @Nullable Context last;

  /** Creates an encoder over an open tokenizer, which stays the caller's to close. */
  public PromptEncoder(TextTokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.prefix = prefix(tokenizer);
  }

  /** What is added before the probe: everything up to where its own tokens begin. */
  private static ImmutableLongArray prefix(TextTokenizer tokenizer) {
    ImmutableLongArray bare = tokenizer.encode(PROBE, false);
    ImmutableLongArray dressed = tokenizer.encode(PROBE, true);
    int start = 0;
    while (start + bare.length() < dressed.length() && !startsWith(dressed, start, bare)) {
      start++;
    }
    return dressed.subArray(0, start);
  }

  private static boolean startsWith(ImmutableLongArray tokens, int at, ImmutableLongArray part) {
    return at + part.length() <= tokens.length()
        && tokens.subArray(at, at + part.length()).equals(part);
  }

  /**
   * Returns the tokens of a prompt.
   *
   * @throws UnencodableTextException if there are none
   */
  public ImmutableLongArray encode(String prompt) {
    ImmutableLongArray tokens = tokens(prompt);
    if (tokens.isEmpty()) {
      throw new UnencodableTextException(
          "the prompt "
              + quote(prompt)
              + " gives no tokens and the tokenizer adds no BOS token; give a prompt of at least"
              + " one token");
    }
    return tokens;
  }

  /**
   * Returns the tokens of a prompt and a continuation, and where the continuation begins.
   *
   * @throws UnencodableTextException if the prompt or the continuation has no tokens, or if no
   *     tokens stand for the continuation
   */
  public Continuation encode(String prompt, String continuation) {
    String context = Whitespace.SPACE.trimTrailingFrom(prompt);
    ImmutableLongArray before = encodeContext(context);
    int from = before.length();
    ImmutableLongArray whole = tokens(prompt + continuation);
    if (whole.length() <= from) {
      throw new UnencodableTextException(
          "the continuation "
              + quote(continuation)
              + " of a prompt that ends in "
              + quote(end(context))
              + " has no tokens of its own (prompt alone "
              + from
              + ", both "
              + whole.length()
              + "); change the text between them, a space for example");
    }
    checkProducible(whole, continuation);
    return new Continuation(joined(before, whole.subArray(from, whole.length())), from);
  }

  /** Returns the text of a token. */
  public String text(long token) {
    return tokenizer.decode(ImmutableLongArray.of(token), false);
  }

  private ImmutableLongArray encodeContext(String text) {
    Context context = last;
    if (context == null || !context.text.equals(text)) {
      context = new Context(text, encode(text));
      last = context;
    }
    return context.tokens;
  }

  /** Decoding must give the continuation back, but for white space and Unicode normalization. */
  private void checkProducible(ImmutableLongArray whole, String continuation) {
    String decoded = tokenizer.decode(whole, false);
    if (!canonical(decoded).endsWith(canonical(continuation))) {
      throw new UnencodableTextException(
          "no tokens stand for the continuation "
              + quote(continuation)
              + ": encoded and decoded, the text ends in "
              + quote(end(decoded))
              + "; give a continuation that the model's vocabulary can write");
    }
  }

  private static String canonical(String text) {
    return IGNORED.removeFrom(Normalizer.normalize(text, Normalizer.Form.NFKD));
  }

  private ImmutableLongArray tokens(String text) {
    ImmutableLongArray bare = tokenizer.encode(text, false);
    if (startsWith(bare, 0, prefix)) {
      return bare;
    }
    return joined(prefix, bare);
  }

  private static ImmutableLongArray joined(ImmutableLongArray first, ImmutableLongArray second) {
    return ImmutableLongArray.builder(first.length() + second.length())
        .addAll(first)
        .addAll(second)
        .build();
  }

  private static String end(String text) {
    return text.substring(Math.max(0, text.length() - SHOWN));
  }

  private static String quote(String text) {
    return '"' + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...") + '"';
  }

  private record Context(String text, ImmutableLongArray tokens) {}
}
