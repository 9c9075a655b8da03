package dev.tale.onnx.session;

import static dev.tale.onnx.session.NanoSession.LAYERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.decode.DraftRules;
import dev.tale.onnx.session.walk.Traversal;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class CachingGeneratorTest extends WithNanoSession {
  private static final long SEED = 31;
  private static final LayerMask ALL = LayerMask.none(LAYERS);
  private static final String NO_MEMORY = "Failed to allocate memory for requested buffer";

  @Test
  @Tag("slow")
  void generate_givesTheTokensOfPyTorch() throws IOException {
    JsonNode golden = golden();
    List<TokenRequest> requests = new ArrayList<>();
    for (JsonNode prompt : golden.get("prompts")) {
      requests.add(generate(longs(prompt), golden.get("new_tokens").asInt()));
    }
    List<LayerMask> masks = new ArrayList<>();
    List<List<String>> expected = new ArrayList<>();
    for (var entry : golden.get("tokens").properties()) {
      JsonNode layers = new ObjectMapper().readTree(entry.getKey());
      masks.add(
          LayerMask.of(
              LAYERS, IntStream.range(0, layers.size()).map(i -> layers.get(i).asInt()).toArray()));
      expected.add(
          StreamSupport.stream(entry.getValue().spliterator(), false)
              .map(tokens -> NanoSession.text(longs(tokens), true))
              .toList());
    }
    assertThat(texts(responder(true).answer(requests, masks).responses())).isEqualTo(expected);
    assertThat(texts(responder(true).answer(requests.subList(2, 3), masks).responses()))
        .as("alone")
        .isEqualTo(expected.stream().map(rows -> rows.subList(2, 3)).toList());
  }

  @Test
  @Tag("slow")
  void generate_randomMasksPromptsAndCompany_givesWhatRecomputingGives() {
    Random random = new Random(SEED);
    for (int round = 0; round < 4; round++) {
      List<TokenRequest> requests = new ArrayList<>();
      int rows = 1 + random.nextInt(20);
      for (int row = 0; row < rows; row++) {
        String[] stops = random.nextBoolean() ? new String[] {"7,2", ",11,"} : new String[0];
        requests.add(
            NanoSession.generation(1 + random.nextInt(50), 1 + random.nextInt(24), random, stops));
      }
      List<LayerMask> masks = Stream.generate(() -> mask(random)).limit(3).toList();
      assertThat(responder(true).answer(requests, masks).responses())
          .as("seed %s, round %s", SEED, round)
          .isEqualTo(responder(false).answer(requests, masks).responses());
    }
  }

  @Test
  void generate_layersWithoutWhichNothingIsRemembered_isAnswered() {
    LayerMask none = LayerMask.of(LAYERS, IntStream.range(0, LAYERS).toArray());
    List<TokenRequest> requests = requests(3, 6);
    assertThat(responder(true).answer(requests, List.of(none)).responses())
        .isEqualTo(responder(false).answer(requests, List.of(none)).responses());
  }

  @Test
  void generate_aTokenCostsARunOfItself() {
    TokenRequest request = requests(1, 8).get(0);
    responder(true).answer(List.of(request), List.of(ALL)).responses();
    long runs = session.runs().count();
    responder(true).answer(List.of(request, request), List.of(ALL, ALL)).responses();
    assertThat(session.runs().count() - runs).as("the prompt, and 7 tokens").isEqualTo(8);
  }

  @Test
  void generate_masksThatShareTheirFirstLayers_shareThePrompt() {
    List<TokenRequest> requests = requests(5, 1);
    responder(true).answer(requests, List.of(ALL)).responses();
    long layers = session.runs().layers();
    responder(true).answer(requests, NanoSession.greedyRound()).responses();
    assertThat(session.runs().layers() - layers).isEqualTo(77);
  }

  @Test
  void generate_batchThatDoesNotFit_isHalved() {
    Random random = new Random(SEED);
    List<TokenRequest> requests =
        Stream.generate(() -> NanoSession.generation(12, 6, random)).limit(20).toList();
    List<List<Response>> expected = responder(true).answer(requests, List.of(ALL)).responses();
    List<Long> refused = new ArrayList<>();
    session
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  long rows = inputs.get("input_ids").getInfo().getShape()[0];
                  long length = inputs.get("attention_mask").getInfo().getShape()[1];
                  if (rows > 5 && length > inputs.get("input_ids").getInfo().getShape()[1] + 2) {
                    refused.add(rows);
                    throw new OrtException(
                        OrtException.OrtErrorCode.ORT_RUNTIME_EXCEPTION, NO_MEMORY);
                  }
                  return runner.run(inputs, outputs);
                });
    assertThat(responder(true).answer(requests, List.of(ALL)).responses()).isEqualTo(expected);
    assertThat(refused).contains(16L, 8L);
  }

  @Test
  void generate_interrupted_leavesNothingOpen() {
    List<TokenRequest> requests = requests(4, 9);
    responder(true).answer(requests, List.of(ALL)).responses();
    int[] runs = {0};
    session
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  if (runs[0]++ == 5) {
                    Thread.currentThread().interrupt();
                  }
                  return runner.run(inputs, outputs);
                });
    assertThatThrownBy(
            () -> responder(true).answer(requests, NanoSession.greedyRound()).responses())
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void generate_afterScores_leavesTheirBits() {
    List<TokenRequest> rows = NanoSession.rows(8, new Random(SEED));
    List<LayerMask> masks = List.of(ALL, LayerMask.of(LAYERS, 0, 5));
    List<List<Response>> before = responder(true).answer(rows, masks).responses();
    responder(true).answer(requests(2, 3), masks).responses();
    assertThat(responder(true).answer(rows, masks).responses()).isEqualTo(before);
  }

  private Responder responder(boolean cached) {
    DraftRules rules = new DraftRules(NanoSession::text, ImmutableSet.of());
    return new Responder(session, rules, Traversal::shared, cached);
  }

  private static List<TokenRequest> requests(int count, int maxNewTokens) {
    Random random = new Random(SEED);
    return IntStream.range(0, count)
        .mapToObj(i -> NanoSession.generation(3 + 2 * i, maxNewTokens, random))
        .toList();
  }

  private static TokenRequest generate(ImmutableLongArray prompt, int maxNewTokens) {
    return new TokenRequest.Generate(prompt, List.of(), maxNewTokens);
  }

  private static LayerMask mask(Random random) {
    int[] removed = IntStream.range(0, LAYERS).filter(i -> random.nextInt(4) == 0).toArray();
    return LayerMask.of(LAYERS, removed);
  }

  private static List<List<String>> texts(List<List<Response>> responses) {
    return responses.stream()
        .map(rows -> rows.stream().map(row -> ((Response.Generation) row).text()).toList())
        .toList();
  }

  private static ImmutableLongArray longs(JsonNode array) {
    return ImmutableLongArray.copyOf(
        StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::asLong));
  }

  private static JsonNode golden() throws IOException {
    try (InputStream json = NanoLlama.expected("greedy.json")) {
      return new ObjectMapper().readTree(json);
    }
  }
}
