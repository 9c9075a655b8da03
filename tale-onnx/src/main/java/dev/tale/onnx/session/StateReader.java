package dev.tale.onnx.session;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatches.StateSink;
import dev.tale.onnx.session.batch.Probe;
import dev.tale.onnx.session.batch.RequestPlan;
import dev.tale.onnx.session.batch.Sequence;
import dev.tale.onnx.session.batch.TokenRequest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a decoder's hidden states, at the last token of prompts or everywhere; there every distinct
 * prompt is run once, in batches as they are formed for log-likelihoods.
 */
public final class StateReader {
  private final GatedSession session;

  /** Creates a reader over an open session with a head, which stays the caller's to close. */
  public StateReader(GatedSession session) {
    this.session = session;
  }

  /** Returns the number of components of a hidden state. */
  public int width() {
    return session.hiddenSize();
  }

  /**
   * Reads the hidden states at every boundary.
   *
   * @return one array for each request, by boundary and component, of its own
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  public List<float[][]> atLastPromptToken(List<TokenRequest> requests, LayerMask mask) {
    if (requests.isEmpty()) {
      return List.of();
    }
    ImmutableList<ImmutableLongArray> prompts =
        requests.stream().map(TokenRequest::prompt).collect(ImmutableSet.toImmutableSet()).asList();
    float[][][] states = session.states(prompts.stream().map(StateReader::atEnd).toList(), mask);
    Map<ImmutableLongArray, float[][]> byPrompt = new HashMap<>();
    for (int i = 0; i < states.length; i++) {
      byPrompt.put(prompts.get(i), states[i]);
    }
    return requests.stream()
        .map(request -> copy(requireNonNull(byPrompt.get(request.prompt()))))
        .toList();
  }

  /**
   * Reads the hidden states at every token that the requests feed.
   *
   * @param boundaries ascending, at least one
   * @param sink takes the states of each request by boundary as given, each [tokens, width]
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  public void everyState(
      List<TokenRequest> requests, LayerMask mask, List<Integer> boundaries, StateSink sink) {
    List<Sequence> sequences =
        requests.stream().map(request -> new Sequence(request.input(), List.of())).toList();
    session.everyState(sequences, mask, boundaries, sink);
  }

  private static Sequence atEnd(ImmutableLongArray prompt) {
    return new Sequence(prompt, List.of(new Probe(prompt.length() - 1, RequestPlan.ANY_TOKEN)));
  }

  private static float[][] copy(float[][] states) {
    return Arrays.stream(states).map(float[]::clone).toArray(float[][]::new);
  }
}
