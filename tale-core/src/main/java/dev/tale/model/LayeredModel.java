package dev.tale.model;

import java.util.List;
import java.util.Optional;

/**
 * A model whose layers can be left out, one set of layers after another, without loading anything
 * again. Implement this over another runtime to get every search, policy and report of Tale.
 *
 * <p>Answers depend on request and mask alone: the same call gives the same answers, bit for bit,
 * on one machine. Implementations say whether they may be shared between threads; Tale calls one
 * model from one thread at a time.
 */
public interface LayeredModel extends AutoCloseable {

  /** Returns what is known of the model without running it. */
  ModelInfo info();

  /**
   * Checks that every request can be answered, before anything slow starts.
   *
   * @throws UnanswerableRequestException if one cannot be answered; it carries the position of the
   *     request in the list and the reason: a prompt longer than the context, a continuation that
   *     no token sequence can produce
   */
  void check(List<Request> requests);

  /**
   * Answers a batch of requests under many masks at once. This is the bulk operation that
   * everything else is built on: an implementation shares what the masks have in common. A mask
   * that breaks the model is an answer, not an error: see NaN in {@link Response}.
   *
   * @return answers indexed by mask, then by request, in the order given
   * @throws UnanswerableRequestException as {@link #check} does
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  List<List<Response>> respond(List<Request> requests, List<LayerMask> masks);

  /**
   * Returns the number of layer-forwards that {@link #respond} spends, when it shares what it can:
   * tokens times layers, summed over the batch, padding not counted; of a {@link
   * Request.Generation} the prompt, since what follows it depends on the answer. A function of its
   * arguments alone, so that work can be accounted for without being repeated.
   */
  long layerForwards(List<Request> requests, List<LayerMask> masks);

  /**
   * Returns the number of layer-forwards that answering would cost if nothing were shared between
   * masks and no beginning of a prompt between requests; counted as {@link #layerForwards} counts.
   * This is what a search is compared with.
   */
  default long naiveLayerForwards(List<Request> requests, List<LayerMask> masks) {
    return masks.stream().mapToLong(mask -> layerForwards(requests, List.of(mask))).sum();
  }

  /**
   * Returns what was run so far for calls from this thread, if the model counts it: of a model that
   * several threads share, each is told its own part alone, whatever threads the model runs it on.
   */
  default Optional<RunStatistics> runStatistics() {
    return Optional.empty();
  }

  /** Returns the ability to write a model without some of its layers, if there is one. */
  default Optional<ModelExporter> exporter() {
    return Optional.empty();
  }

  /** Returns the ability to read hidden states at layer boundaries, if there is one. */
  default Optional<HiddenStates> hiddenStates() {
    return Optional.empty();
  }

  /** Returns the ability to scale what layers contribute, if there is one. */
  default Optional<ScaledLayers> scaledLayers() {
    return Optional.empty();
  }

  /** Returns the ability to measure how fast its written forms are, if there is one. */
  default Optional<LatencyMeter> latencyMeter() {
    return Optional.empty();
  }

  /** Frees what the model holds. Closing twice has no effect. */
  @Override
  void close();
}
