package dev.tale.onnx.encoder;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Request;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.onnx.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A sentence encoder as another client would run it: text by text, in plain ONNX Runtime. */
final class PlainEncoder implements AutoCloseable {
  private final TextTokenizer tokenizer;
  private final PlainSession session;
  private final Map<String, double[]> known = new HashMap<>();

  private PlainEncoder(TextTokenizer tokenizer, PlainSession session) {
    this.tokenizer = tokenizer;
    this.session = session;
  }

  static PlainEncoder open(Path directory) throws IOException {
    Path graph = directory.resolve("model.onnx");
    return new PlainEncoder(
        TextTokenizer.open(directory.resolve("tokenizer.json")),
        PlainSession.open(graph, "last_hidden_state", SessionConfig.cpu(2)));
  }

  double cosine(Request request) {
    Request.Similarity similarity = (Request.Similarity) request;
    double[] a = embed(similarity.text());
    double[] b = embed(similarity.other());
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private double[] embed(String text) {
    return known.computeIfAbsent(text, this::mean);
  }

  private double[] mean(String text) {
    ImmutableLongArray tokens = tokenizer.encode(text, true);
    List<Integer> positions = IntStream.range(0, tokens.length()).boxed().toList();
    List<float[]> states = session.output(tokens, positions);
    return IntStream.range(0, states.get(0).length)
        .mapToDouble(i -> states.stream().mapToDouble(state -> state[i]).average().orElseThrow())
        .toArray();
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  @Override
  public void close() {
    try (tokenizer) {
      session.close();
    }
  }
}
