package dev.tale.bench.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Greedy decoding with a key-value cache as one writes it for ONNX Runtime: the original graph,
 * prompts of one length, no end but a number of tokens. One thread.
 */
final class PlainGeneration implements AutoCloseable {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
  private static final String PAST = "past_key_values";

  private final OrtSession session;
  private final Map<String, OnnxTensor> empty = new HashMap<>();

  private PlainGeneration(OrtSession session) {
    this.session = session;
  }

  static PlainGeneration open(Path onnxFile) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(1);
    return new PlainGeneration(ENVIRONMENT.createSession(onnxFile.toString(), options));
  }

  /** The continuation of each prompt. */
  List<List<Long>> generate(long[][] prompts, int newTokens) throws OrtException {
    List<List<Long>> answers = new ArrayList<>();
    for (long[] prompt : prompts) {
      answers.add(new ArrayList<>());
      checkLength(prompt, prompts[0].length);
    }
    Result result = session.run(feeds(prompts, 0, noCache(prompts.length)));
    try {
      append(answers, result, prompts[0].length);
      for (int step = 1; step < newTokens; step++) {
        long[][] last =
            answers.stream().map(a -> new long[] {a.get(a.size() - 1)}).toArray(long[][]::new);
        Result next = session.run(feeds(last, prompts[0].length + step - 1, cache(result)));
        result.close();
        result = next;
        append(answers, result, 1);
      }
    } finally {
      result.close();
    }
    return answers;
  }

  private static void checkLength(long[] prompt, int length) {
    if (prompt.length != length) {
      throw new IllegalArgumentException(
          "A prompt has " + prompt.length + " tokens, the first " + length);
    }
  }

  private static void append(List<List<Long>> answers, Result result, int length)
      throws OrtException {
    FloatBuffer logits = ((OnnxTensor) result.get("logits").orElseThrow()).getFloatBuffer();
    int vocabulary = logits.remaining() / (answers.size() * length);
    for (int row = 0; row < answers.size(); row++) {
      int first = ((row + 1) * length - 1) * vocabulary;
      int best = 0;
      for (int token = 1; token < vocabulary; token++) {
        best = logits.get(first + token) > logits.get(first + best) ? token : best;
      }
      answers.get(row).add((long) best);
    }
  }

  private Map<String, OnnxTensor> feeds(long[][] ids, int past, Map<String, OnnxTensor> cache)
      throws OrtException {
    int length = ids[0].length;
    long[] positions = new long[ids.length * length];
    Arrays.setAll(positions, i -> past + i % length);
    long[] ones = new long[ids.length * (past + length)];
    Arrays.fill(ones, 1);
    Map<String, OnnxTensor> feeds = new HashMap<>(cache);
    feeds.put(
        "input_ids", matrix(Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray(), length));
    feeds.put("attention_mask", matrix(ones, past + length));
    feeds.put("position_ids", matrix(positions, length));
    return feeds;
  }

  private static OnnxTensor matrix(long[] values, int columns) throws OrtException {
    long[] shape = {values.length / columns, columns};
    return OnnxTensor.createTensor(ENVIRONMENT, LongBuffer.wrap(values), shape);
  }

  private Map<String, OnnxTensor> noCache(int rows) throws OrtException {
    for (var input : session.getInputInfo().values()) {
      if (input.getName().startsWith(PAST)) {
        long[] shape = ((TensorInfo) input.getInfo()).getShape();
        shape[0] = rows;
        shape[2] = 0;
        OnnxTensor tensor = OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.allocate(0), shape);
        OnnxTensor before = empty.put(input.getName(), tensor);
        if (before != null) {
          before.close();
        }
      }
    }
    return empty;
  }

  private static Map<String, OnnxTensor> cache(Result result) {
    Map<String, OnnxTensor> cache = new HashMap<>();
    for (Map.Entry<String, OnnxValue> output : result) {
      if (output.getKey().startsWith("present")) {
        cache.put(output.getKey().replace("present", PAST), (OnnxTensor) output.getValue());
      }
    }
    return cache;
  }

  @Override
  public void close() throws OrtException {
    empty.values().forEach(OnnxTensorLike::close);
    session.close();
  }
}
