package dev.tale.onnx;

import dev.tale.model.Batch;
import dev.tale.model.PlannedWork;
import dev.tale.model.Request;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.session.SessionPlan;
import dev.tale.onnx.session.runtime.RunCounter;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests that one kind of model answers, as its tokens. Text is never cut.
 *
 * @param <T> a request in tokens
 */
abstract sealed class Tokenization<T> permits RequestEncoder, PairEncoder {
  private final RunCounter counter;

  /**
   * Encodes nothing yet.
   *
   * @param counter told the time that encoding takes
   */
  Tokenization(RunCounter counter) {
    this.counter = counter;
  }

  /**
   * Encodes requests.
   *
   * @throws UnanswerableRequestException if one cannot be answered, with its position
   */
  final List<T> encode(List<Request> requests) {
    long start = System.nanoTime();
    try {
      List<T> encoded = new ArrayList<>(requests.size());
      for (Request request : requests) {
        encoded.add(encode(request, encoded.size()));
      }
      return encoded;
    } finally {
      counter.encoded(System.nanoTime() - start);
    }
  }

  abstract T encode(Request request, int position);

  /**
   * Work that answering a batch takes in a session of this plan.
   *
   * @throws UnanswerableRequestException as {@link #encode} does
   */
  abstract PlannedWork cost(Batch batch, SessionPlan plan);
}
