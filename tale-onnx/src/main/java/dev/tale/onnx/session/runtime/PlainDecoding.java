package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Greedy decoding of one sequence as any client of ONNX Runtime does it: one token a run, with the
 * keys and values that the run before gave, which stay where the runtime made them.
 *
 * <p>Implementation note: all of the prompt but its last token is run first, and no logits are
 * asked for; so every run that is timed takes one token and gives the next. What is timed is the
 * runtime alone: not making inputs, not looking for the likeliest token. Nothing ends it but the
 * number of tokens, so that every model does the same work.
 */
final class PlainDecoding implements AutoCloseable {
  private final OrtSession session;
  private final PlainInputs inputs;
  private final String logits;
  private final Map<String, String> caches = new HashMap<>();
  private final List<Native<Result>> last = new ArrayList<>();
  private int past;

  /**
   * What was decoded.
   *
   * @param tokens the tokens after the prompt
   * @param nanos nanoseconds that the runtime took for them
   */
  record Decoded(List<Long> tokens, long nanos) {}

  private PlainDecoding(
      OrtSession session, PlainInputs inputs, String logits, ImmutableMap<String, String> caches) {
    this.session = session;
    this.inputs = inputs;
    this.logits = logits;
    caches.forEach(
        (input, output) -> {
          if (inputs.byName().containsKey(input)) {
            this.caches.put(input, output);
          }
        });
  }

  /**
   * Decodes.
   *
   * @param logits name of the output [1, sequence, vocabulary]
   * @param caches outputs by the inputs that they go on in; some may be of layers that are gone
   * @param prompt at least one token
   * @param tokens how many, at least 1
   */
  static Decoded decode(
      OrtSession session,
      PlainInputs inputs,
      String logits,
      ImmutableMap<String, String> caches,
      ImmutableLongArray prompt,
      int tokens) {
    try (PlainDecoding decoding = new PlainDecoding(session, inputs, logits, caches)) {
      int before = prompt.length() - 1;
      if (before > 0) {
        decoding.run(prompt.subArray(0, before), Set.of());
      }
      List<Long> decoded = new ArrayList<>();
      long nanos = 0;
      long next = prompt.get(before);
      for (int i = 0; i < tokens; i++) {
        nanos += decoding.run(ImmutableLongArray.of(next), Set.of(logits));
        next = decoding.likeliest();
        decoded.add(next);
      }
      return new Decoded(List.copyOf(decoded), nanos);
    }
  }

  /** Returns how long the runtime took. */
  private long run(ImmutableLongArray tokens, Set<String> also) {
    Set<String> wanted = new HashSet<>(caches.values());
    wanted.addAll(also);
    try (PlainFeeds feeds = PlainFeeds.of(inputs, List.of(tokens), past, known())) {
      long start = System.nanoTime();
      Native<Result> result = Native.own(() -> session.run(feeds.tensors(), wanted));
      long nanos = System.nanoTime() - start;
      close();
      last.add(result);
      past += tokens.length();
      return nanos;
    }
  }

  private Map<String, OnnxTensor> known() {
    Map<String, OnnxTensor> known = new HashMap<>();
    if (!last.isEmpty()) {
      caches.forEach((input, output) -> known.put(input, tensor(output)));
    }
    return known;
  }

  private OnnxTensor tensor(String output) {
    OnnxValue value = last.get(0).get().get(output).orElseThrow();
    return (OnnxTensor) value;
  }

  private long likeliest() {
    FloatBuffer values = tensor(logits).getFloatBuffer();
    int best = 0;
    for (int token = 1; token < values.remaining(); token++) {
      best = values.get(token) > values.get(best) ? token : best;
    }
    return best;
  }

  @Override
  public void close() {
    last.forEach(Native::close);
    last.clear();
  }
}
