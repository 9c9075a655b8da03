package dev.tale.model;

import java.util.List;

/**
 * The residual stream at every layer boundary, read at the last token of a prompt: the position
 * that predicts the answer.
 *
 * <p>Boundary 0 is the embedding, the last one comes before the final norm; boundary {@code i + 1}
 * is what follows layer {@code i} of the original model, or its part {@code i} at {@link
 * Granularity#SUBLAYER}. A removed layer passes on what it gets, so its two boundaries are equal,
 * and every mask has {@code layerCount + 1} of them.
 */
public interface HiddenStates {

  /** Returns the number of components of a hidden state, at least 1. */
  int width();

  /**
   * Reads the hidden states at the last token of each request's prompt. Costs one pass over the
   * prompts, and {@code requests x (layerCount + 1) x width} floats of memory.
   *
   * @param mask the removed layers
   * @return one array for each request, in the order given, indexed by boundary, then by component;
   *     NaN and infinities are passed on
   * @throws UnanswerableRequestException as {@link LayeredModel#check} does, or if a request has no
   *     last prompt token to predict from
   * @throws IllegalArgumentException if the mask is for another number of layers
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  List<float[][]> atLastPromptToken(List<Request> requests, LayerMask mask);
}
