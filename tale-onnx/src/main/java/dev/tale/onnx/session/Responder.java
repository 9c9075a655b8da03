package dev.tale.onnx.session;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Answers token requests under many masks at once.
 *
 * <p>Implementation note: one walk over the tree of masks answers every log-likelihood and gives
 * every generation its first token. From there on the masks have said different things, and each
 * goes on by itself, see {@link Decoding}. A log-likelihood is a sum in double precision over the
 * runtime's float log-probabilities, in the order of the tokens.
 */
public final class Responder {
  private final GatedSession session;
  private final Function<List<LayerMask>, Traversal> traversal;
  private final Decoding decoding;

  /**
   * Creates a responder over an open session, which stays the caller's to close.
   *
   * @param text text of tokens, special tokens included if so asked
   * @param ends tokens that end a generation
   */
  public Responder(GatedSession session, TokenText text, ImmutableSet<Long> ends) {
    this(session, text, ends, Traversal::shared);
  }

  Responder(
      GatedSession session,
      TokenText text,
      ImmutableSet<Long> ends,
      Function<List<LayerMask>, Traversal> traversal) {
    this.session = session;
    this.traversal = traversal;
    this.decoding = new Decoding(session, text, ends);
  }

  /**
   * Answers requests under masks over the session's layers.
   *
   * @return answers by mask, then by request
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  public List<List<Response>> respond(List<TokenRequest> requests, List<LayerMask> masks) {
    if (requests.isEmpty() || masks.isEmpty()) {
      return masks.stream().map(mask -> List.<Response>of()).toList();
    }
    RequestPlan plan = RequestPlan.of(requests);
    Readings readings = session.read(plan.sequences(), masks.size(), traversal.apply(masks));
    List<List<Response>> responses = new ArrayList<>();
    for (int mask = 0; mask < masks.size(); mask++) {
      responses.add(new MaskAnswers(plan, readings, mask).responses(requests, masks.get(mask)));
    }
    return responses;
  }

  /**
   * Returns tokens times layers that the shared walk of {@link #respond} runs: all of it for
   * log-likelihoods; for generations the prompts, once, since what follows depends on the answers.
   */
  public static long layerForwards(List<TokenRequest> requests, List<LayerMask> masks) {
    return masks.isEmpty() ? 0 : RequestPlan.of(requests).tokens() * MaskTrie.of(masks).layerRuns();
  }

  /** The answers under one mask. */
  private final class MaskAnswers {
    private final RequestPlan plan;
    private final Readings readings;
    private final int mask;

    private MaskAnswers(RequestPlan plan, Readings readings, int mask) {
      this.plan = plan;
      this.readings = readings;
      this.mask = mask;
    }

    private List<Response> responses(List<TokenRequest> requests, LayerMask layers) {
      List<Draft> drafts = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        if (requests.get(i) instanceof TokenRequest.Generate generate) {
          drafts.add(draft(generate, plan.sequenceOf(i)));
        }
      }
      decoding.finish(drafts, layers);
      return collect(requests, drafts);
    }

    private Draft draft(TokenRequest.Generate request, int sequence) {
      int probe = plan.sequences().get(sequence).probeAt(request.input().length() - 1);
      Draft draft = new Draft(request);
      decoding.accept(draft, readings, mask, sequence, probe);
      return draft;
    }

    private List<Response> collect(List<TokenRequest> requests, List<Draft> drafts) {
      List<Response> responses = new ArrayList<>();
      int next = 0;
      for (int i = 0; i < requests.size(); i++) {
        responses.add(
            requests.get(i) instanceof TokenRequest.Score score
                ? likelihood(score, plan.sequenceOf(i))
                : decoding.response(drafts.get(next++)));
      }
      return responses;
    }

    private Response likelihood(TokenRequest.Score request, int sequence) {
      List<Probe> probes = plan.sequences().get(sequence).probes();
      int first = plan.sequences().get(sequence).probeAt(request.from() - 1);
      ImmutableLongArray tokens =
          request.tokens().subArray(request.from(), request.tokens().length());
      double sum = 0;
      boolean greedy = true;
      for (int i = 0; i < tokens.length(); i++) {
        int candidate = probes.get(first + i).candidates().indexOf(tokens.get(i));
        sum += readings.logProbability(mask, sequence, first + i, candidate);
        greedy &= readings.argmax(mask, sequence, first + i) == tokens.get(i);
      }
      return new Response.LogLikelihood(sum, tokens.length(), greedy && !Double.isNaN(sum));
    }
  }
}
