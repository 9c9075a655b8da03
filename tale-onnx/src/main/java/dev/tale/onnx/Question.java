package dev.tale.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import dev.tale.model.LayerMask;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.session.decode.Sampling;
import dev.tale.onnx.session.decode.TokenChoice;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A question to an open decoder: a prompt, the layers that answer it, and how. Immutable; each
 * method that sets something gives another question.
 *
 * <pre>{@code
 * Question question = model.ask("The capital of France is").under(mask);
 * String text = question.atMost(16).stoppingAt(".").answer().text();
 * double paris = question.likelihood(" Paris").sum();
 * }</pre>
 *
 * <p>Without settings the whole model answers, greedily, with at most 64 tokens. Greedy answers are
 * those of {@link OnnxModel#respond} to a {@link Request.Generation}. Answers come from the model's
 * key-value caches; without caches each token costs as much as the prompt.
 */
public final class Question {
  private static final int TOKENS = 64;

  private final OnnxModel model;
  private final LayerMask mask;
  private final Request.Generation request;
  private final Supplier<TokenChoice> choice;
  private final Consumer<String> listener;

  /**
   * A question with the usual settings.
   *
   * @throws IllegalArgumentException if the prompt is an empty text
   */
  Question(OnnxModel model, Prompt prompt) {
    this(
        model,
        LayerMask.none(model.info().layerCount()),
        new Request.Generation(prompt, List.of(), TOKENS),
        () -> TokenChoice.GREEDY,
        piece -> {});
  }

  private Question(
      OnnxModel model,
      LayerMask mask,
      Request.Generation request,
      Supplier<TokenChoice> choice,
      Consumer<String> listener) {
    this.model = model;
    this.mask = mask;
    this.request = request;
    this.choice = choice;
    this.listener = listener;
  }

  /** Lets the model answer without the layers that the mask removes. */
  public Question under(LayerMask removed) {
    return new Question(model, removed, request, choice, listener);
  }

  /**
   * Sets the largest number of tokens of the answer; default 64.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public Question atMost(int tokens) {
    return with(new Request.Generation(request.prompt(), request.stops(), tokens));
  }

  /**
   * Sets texts that end the answer; the text from the first one on is dropped.
   *
   * @throws IllegalArgumentException if one is empty
   */
  public Question stoppingAt(String... stops) {
    return with(new Request.Generation(request.prompt(), List.of(stops), request.maxNewTokens()));
  }

  private Question with(Request.Generation changed) {
    return new Question(model, mask, changed, choice, listener);
  }

  /**
   * Draws each token, from the fewest most likely ones that have a probability of {@code topP}
   * together (nucleus sampling), in place of taking the most likely. The same seed gives the same
   * answer on one machine, each time that it is asked for.
   *
   * @param temperature by which logits are divided, greater than 0
   * @param topP in (0, 1]; 1 for all tokens
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Question sampling(double temperature, double topP, long seed) {
    checkArgument(
        temperature > 0 && Double.isFinite(temperature),
        "The temperature is %s; give a finite number greater than 0, or ask greedily",
        temperature);
    checkArgument(topP > 0 && topP <= 1, "topP is %s; give a number in (0, 1]", topP);
    return new Question(
        model, mask, request, () -> new Sampling(temperature, topP, seed), listener);
  }

  /**
   * Tells the answer's text piece by piece while it is made, on the thread that asks. All pieces
   * together are the text of the answer: of what may become a stop string nothing is told before it
   * is known. What the listener throws ends the answer.
   */
  public Question tellingTo(Consumer<String> told) {
    return new Question(model, mask, request, choice, told);
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws dev.tale.model.UnanswerableRequestException if the model is an encoder, the prompt and
   *     the answer do not fit into its context, a conversation does not fit its chat template, or
   *     tokens are to be drawn and the model has no key-value caches
   * @throws dev.tale.model.ModelOutputException if ONNX Runtime fails
   * @throws IllegalArgumentException if the mask is for another number of layers
   * @throws IllegalStateException if the model is closed
   */
  public Response.Generation answer() {
    return model.generate(request, mask, choice.get(), listener);
  }

  /**
   * The log-likelihood of a text after the prompt, natural logarithm, summed over its tokens.
   *
   * @throws dev.tale.model.UnanswerableRequestException as {@link #answer} does
   * @throws IllegalArgumentException if the text is empty, or the mask is for another number of
   *     layers
   * @throws IllegalStateException if the model is closed
   */
  public Response.LogLikelihood likelihood(String continuation) {
    Request asked = new Request.LogLikelihood(request.prompt(), continuation);
    return (Response.LogLikelihood) model.respond(List.of(asked), List.of(mask)).get(0).get(0);
  }
}
