package dev.tale.model;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * What is asked of a model: a plain value, independent of model, mask and batch. Decoders answer
 * {@link LogLikelihood} and {@link Generation}, encoders {@link Similarity}; a model refuses what
 * it cannot answer.
 */
public sealed interface Request extends Serializable {

  /**
   * Asks for the log-likelihood of a continuation, natural logarithm, summed over its tokens.
   *
   * <p>Prompt and continuation are tokenized together and split after the prompt's own tokens, as
   * lm-evaluation-harness does; trailing spaces of the prompt belong to the continuation. Special
   * tokens that the tokenizer puts before a text (BOS) are added once; a rendered conversation
   * brings its own.
   *
   * @param prompt what comes before the continuation; a text may be empty if the tokenizer adds a
   *     BOS token
   * @param continuation text to score, not empty
   */
  record LogLikelihood(Prompt prompt, String continuation) implements Request {

    /**
     * Checks the continuation.
     *
     * @throws NullPointerException if something is null; the message names it
     * @throws IllegalArgumentException if the continuation is empty
     */
    public LogLikelihood {
      Objects.requireNonNull(prompt, "The prompt is null; give a text or a conversation");
      Objects.requireNonNull(continuation, "The continuation is null; give the text to score");
      if (continuation.isEmpty()) {
        throw new IllegalArgumentException(
            "The continuation of " + prompt + " is empty; give the text to score");
      }
    }

    /**
     * Creates a request about a plain text.
     *
     * @throws IllegalArgumentException if the continuation is empty
     */
    public LogLikelihood(String prompt, String continuation) {
      this(Prompt.text(prompt), continuation);
    }
  }

  /**
   * Asks for greedy decoding until a stop string, the end-of-sequence token or a number of tokens.
   *
   * @param prompt what to continue; a text is not empty
   * @param stops strings that end the generation; the text from the first one on is dropped
   * @param maxNewTokens largest number of generated tokens, at least 1
   */
  record Generation(Prompt prompt, List<String> stops, int maxNewTokens) implements Request {

    /**
     * Copies the stop strings and checks the values.
     *
     * @throws NullPointerException if something is null; the message names it
     * @throws IllegalArgumentException if the prompt or a stop string is empty, or {@code
     *     maxNewTokens} is less than 1
     */
    public Generation {
      Objects.requireNonNull(prompt, "The prompt is null; give a text or a conversation");
      Objects.requireNonNull(stops, "The list of stop strings is null; give an empty one for none");
      stops.forEach(stop -> Objects.requireNonNull(stop, "A stop string is null; give texts"));
      stops = List.copyOf(stops);
      if (prompt.equals(Prompt.text(""))) {
        throw new IllegalArgumentException("The prompt is empty; give at least one character");
      }
      if (stops.contains("")) {
        throw new IllegalArgumentException("A stop string is empty; it would stop at once");
      }
      if (maxNewTokens < 1) {
        throw new IllegalArgumentException("maxNewTokens is " + maxNewTokens + "; at least 1");
      }
    }

    /**
     * Creates a request about a plain text.
     *
     * @throws IllegalArgumentException if the prompt or a stop string is empty, or {@code
     *     maxNewTokens} is less than 1
     */
    public Generation(String prompt, List<String> stops, int maxNewTokens) {
      this(Prompt.text(prompt), stops, maxNewTokens);
    }
  }

  /**
   * Asks how similar two texts are to an encoder: the cosine of the angle between their embeddings.
   *
   * <p>Each text is tokenized by itself, with the special tokens that the tokenizer puts around a
   * text, and becomes one vector by the model's own pooling. Which of the two is which does not
   * matter to the value.
   *
   * @param text one text; may be empty if the tokenizer adds special tokens
   * @param other the other text, likewise
   */
  record Similarity(String text, String other) implements Request {

    /**
     * Checks the texts.
     *
     * @throws NullPointerException if one is null
     */
    public Similarity {
      Objects.requireNonNull(text, "The text is null; give a text");
      Objects.requireNonNull(other, "The other text is null; give a text");
    }
  }
}
