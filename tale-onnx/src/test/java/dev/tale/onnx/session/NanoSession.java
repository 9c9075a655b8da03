package dev.tale.onnx.session;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.decode.DraftRules;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.onnx.session.walk.Traversal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Gated sessions of nano-llama and requests for them, in tokens. */
public final class NanoSession {
  public static final int LAYERS = 12;
  static final int CONTEXT = 256;
  static final long END = 1;

  private NanoSession() {}

  public static GatedSession open() throws IOException {
    return open(NanoLlama.directory().resolve("model.onnx"), SessionConfig.cpu(1));
  }

  /** Opens a session with key-value caches. */
  static GatedSession openCaching() throws IOException {
    OnnxGraph graph = OnnxGraph.read(NanoLlama.directory().resolve("model.onnx"));
    return GatedSession.open(ResidualStream.find(graph), SessionConfig.cpu(1));
  }

  public static GatedSession open(Path file, SessionConfig config) throws IOException {
    return GatedSession.open(graph(file), config);
  }

  static GatedGraph graph(Path file) throws IOException {
    OnnxGraph graph = OnnxGraph.read(file);
    return GatedGraph.of(ResidualStream.find(graph), ConditionForm.BOOL);
  }

  /** The text of a token is its number and a comma. */
  public static Responder responder(
      GatedSession session, Function<List<LayerMask>, Traversal> traversal) {
    DraftRules rules = new DraftRules(NanoSession::text, ImmutableSet.of(END));
    return new Responder(session, rules, traversal, session.hasCaches());
  }

  public static Responder responder(GatedSession session) {
    return responder(session, Traversal::shared);
  }

  static String text(ImmutableLongArray tokens, boolean skipSpecialTokens) {
    StringBuilder text = new StringBuilder();
    tokens.forEach(token -> text.append(token).append(','));
    return text.toString();
  }

  public static List<LayerMask> greedyRound() {
    return LayerMask.none(LAYERS).kept().stream().map(LayerMask.none(LAYERS)::remove).toList();
  }

  /** Rows of two choices each, of one token, and every fourth of two tokens. */
  public static List<TokenRequest> rows(int rows, Random random) {
    return IntStream.range(0, rows)
        .boxed()
        .flatMap(
            row -> {
              long[] prompt = prompt(2 + random.nextInt(40), random);
              return row % 4 == 3
                  ? List.of(score(prompt, 10, 11), score(prompt, 12, 13)).stream()
                  : List.of(score(prompt, 10), score(prompt, 12)).stream();
            })
        .toList();
  }

  /** Rows of one length, so that nothing is padded: two choices each, of one token. */
  static List<TokenRequest> equalRows(int rows, Random random) {
    return IntStream.range(0, rows)
        .boxed()
        .flatMap(
            row -> {
              long[] prompt = prompt(30, random);
              return List.of(score(prompt, 10), score(prompt, 12)).stream();
            })
        .toList();
  }

  public static TokenRequest generation(
      int prompt, int maxNewTokens, Random random, String... stops) {
    ImmutableLongArray tokens = ImmutableLongArray.copyOf(prompt(prompt, random));
    return new TokenRequest.Generate(tokens, List.of(stops), maxNewTokens);
  }

  private static TokenRequest score(long[] prompt, long... continuation) {
    ImmutableLongArray tokens =
        ImmutableLongArray.builder().addAll(prompt).addAll(continuation).build();
    return new TokenRequest.Score(tokens, prompt.length);
  }

  private static long[] prompt(int length, Random random) {
    return random.longs(length, 3, 300).toArray();
  }

  static Response.LogLikelihood likelihood(Response response) {
    return (Response.LogLikelihood) response;
  }
}
