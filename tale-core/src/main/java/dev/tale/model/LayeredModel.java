package dev.tale.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A model whose layers can be left out, one set of layers after another, without loading anything
 * again. Implement this over another runtime to get every search, policy and report of Tale: {@link
 * #info} and {@link #answer} are enough, and {@link #close} where there is something to free.
 *
 * <p>Answers depend on request and mask alone: the same call gives the same answers, bit for bit,
 * on one machine. Implementations say whether they may be shared between threads; Tale calls one
 * model from one thread at a time.
 */
public interface LayeredModel extends ModelDescription {

  /**
   * Answers many batches. This is the bulk operation that everything else is built on: an
   * implementation shares what the masks of a batch have in common, and may work on several batches
   * at once. A mask that breaks the model is an answer, not an error: see NaN in {@link Response}.
   *
   * @param answers takes the answer to each batch, on the calling thread, in the order of the
   *     batches and as soon as it is there; an exception that it throws ends the call
   * @throws UnanswerableRequestException as {@link #check} does; the position is that in the
   *     requests of all batches, one batch after another
   * @throws IllegalArgumentException if a mask is for another number of layers
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  void answer(List<Batch> batches, Consumer<Answer> answers);

  /**
   * Answers one batch of independent requests.
   *
   * @return responses by mask, then by request, in the order given
   * @throws UnanswerableRequestException as {@link #answer} does
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  default List<List<Response>> respond(List<Request> requests, List<LayerMask> masks) {
    List<List<Response>> responses = new ArrayList<>();
    answer(List.of(Batch.of(requests, masks)), answer -> responses.addAll(answer.byRequest()));
    return List.copyOf(responses);
  }

  /**
   * Number of batches beyond those that it needs which a race between candidates had better ask in
   * the same call, because the model works on several at once; what turns out not to have been
   * needed changes no decision, and is counted apart. Unless overridden 0: one batch after another.
   */
  default int lookAhead() {
    return 0;
  }

  /**
   * Counts of the runs so far for calls from this thread, if the model counts them: of a model that
   * several threads share, each is told its own part alone, whatever threads the model runs it on.
   */
  default Optional<RunStatistics> runStatistics() {
    return Optional.empty();
  }

  /** The ability to write a model without some of its layers, if there is one. */
  default Optional<ModelExporter> exporter() {
    return Optional.empty();
  }

  /** The ability to read hidden states at layer boundaries, if there is one. */
  default Optional<HiddenStates> hiddenStates() {
    return Optional.empty();
  }

  /** The ability to scale the contributions of layers, if there is one. */
  default Optional<ScaledLayers> scaledLayers() {
    return Optional.empty();
  }

  /** The ability to put linear maps in the place of removed layers, if there is one. */
  default Optional<LinearPatches> linearPatches() {
    return Optional.empty();
  }

  /** The ability to measure how fast its written forms are, if there is one. */
  default Optional<LatencyMeter> latencyMeter() {
    return Optional.empty();
  }
}
