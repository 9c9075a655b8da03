package dev.tale.onnx.families;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.Responder;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens are those of transformers' greedy decoding with the layers deleted. */
@Tag("slow")
class GreedyFamiliesTest {
  private static final SessionConfig CPU = SessionConfig.cpu(1);

  /** As {@link ModelRow} allows, of the range of the logits. */
  private static final double ROUNDING = 2e-2;

  static Stream<Fixture> float32() {
    return Fixtures.all().stream()
        .filter(fixture -> fixture.isDecoder() && fixture.format().equals("fp32"));
  }

  static Stream<Fixture> shortened() {
    return Fixtures.all().stream()
        .filter(fixture -> fixture.isDecoder() && !fixture.format().equals("fp32"));
  }

  @ParameterizedTest
  @MethodSource("float32")
  void generate_batchOfPromptsOfDifferentLengths_givesTheTokensOfPyTorch(Fixture fixture)
      throws IOException {
    Golden golden = Golden.read(fixture);
    ResidualStream stream = ModelDirectory.open(fixture.directory()).stream();
    assertThat(GatedGraph.withCaches(stream, ConditionForm.BOOL).cacheLayout()).isPresent();
    try (GatedSession session = GatedSession.open(stream, CPU)) {
      assertThat(answers(session, golden.prompts(), golden)).isEqualTo(golden.tokens());
    }
  }

  @ParameterizedTest
  @MethodSource("float32")
  void generate_onePrompt_givesTheTokensOfPyTorch(Fixture fixture) throws IOException {
    Golden golden = Golden.read(fixture);
    try (GatedSession session =
        GatedSession.open(ModelDirectory.open(fixture.directory()).stream(), CPU)) {
      for (int row = 0; row < golden.prompts().size(); row++) {
        int only = row;
        assertThat(answers(session, golden.prompts().subList(row, row + 1), golden))
            .as("row %d", row)
            .isEqualTo(golden.tokens().stream().map(rows -> rows.subList(only, only + 1)).toList());
      }
    }
  }

  /**
   * But where two tokens are equally likely within the rounding of the type. One scale for a whole
   * tensor of activations is another one for every length: there, as in other clients, a cached
   * token is not computed as one of a sequence, and nothing is to compare.
   */
  @ParameterizedTest
  @MethodSource("shortened")
  void generate_shorterTypes_givesWhatRecomputingGives(Fixture fixture) throws IOException {
    Golden golden = Golden.read(fixture);
    ResidualStream stream = ModelDirectory.open(fixture.directory()).stream();
    try (GatedSession cached = GatedSession.open(stream, CPU);
        GatedSession recomputed =
            GatedSession.open(GatedGraph.of(stream, ConditionForm.BOOL), CPU)) {
      List<List<String>> answers = answers(cached, golden.prompts(), golden);
      assertThat(answers).hasSameSizeAs(golden.masks());
      if (!stream.batchSensitive()) {
        List<List<String>> expected = answers(recomputed, golden.prompts(), golden);
        for (int mask = 0; mask < answers.size(); mask++) {
          for (int row = 0; row < golden.prompts().size(); row++) {
            Tie tie =
                Tie.between(
                    golden.prompts().get(row),
                    tokens(expected.get(mask).get(row)),
                    tokens(answers.get(mask).get(row)));
            assertThat(tie.gap(recomputed, golden.masks().get(mask)))
                .as("%s, row %d, %s", golden.masks().get(mask), row, tie)
                .isLessThan(ROUNDING);
          }
        }
      }
    }
  }

  private static ImmutableLongArray tokens(String text) {
    return ImmutableLongArray.copyOf(
        Splitter.on(", ")
            .splitToStream(text.substring(1, text.length() - 1))
            .mapToLong(Long::parseLong));
  }

  /**
   * Where two continuations of a prompt part.
   *
   * @param before the prompt and what both say
   * @param one next token of one of them, negative if they never part
   * @param other next token of the other
   */
  private record Tie(ImmutableLongArray before, int one, int other) {
    static Tie between(
        ImmutableLongArray prompt, ImmutableLongArray one, ImmutableLongArray other) {
      int at = 0;
      while (at < one.length() && one.get(at) == other.get(at)) {
        at++;
      }
      ImmutableLongArray before =
          ImmutableLongArray.builder().addAll(prompt).addAll(one.subArray(0, at)).build();
      return at == one.length()
          ? new Tie(before, -1, -1)
          : new Tie(before, (int) one.get(at), (int) other.get(at));
    }

    /** Returns how far apart the two tokens' logits are, as a part of the range of all. */
    double gap(GatedSession session, LayerMask mask) {
      if (one < 0) {
        return 0;
      }
      float[] logits = session.output(before, List.of(before.length() - 1), mask).get(0);
      DoubleSummaryStatistics range =
          IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).summaryStatistics();
      return Math.abs(logits[one] - logits[other]) / (range.getMax() - range.getMin());
    }
  }

  private static List<List<String>> answers(
      GatedSession session, List<ImmutableLongArray> prompts, Golden golden) {
    Responder responder =
        new Responder(session, (tokens, skip) -> tokens.toString(), ImmutableSet.of());
    List<TokenRequest> requests =
        prompts.stream()
            .<TokenRequest>map(
                prompt -> new TokenRequest.Generate(prompt, List.of(), golden.newTokens()))
            .toList();
    return responder.answer(requests, golden.masks()).responses().stream()
        .map(rows -> rows.stream().map(row -> ((Response.Generation) row).text()).toList())
        .toList();
  }

  /**
   * What PyTorch generates.
   *
   * @param newTokens number of tokens of every answer
   * @param tokens by mask, then by prompt
   */
  private record Golden(
      int newTokens,
      List<ImmutableLongArray> prompts,
      List<LayerMask> masks,
      List<List<String>> tokens) {

    static Golden read(Fixture fixture) throws IOException {
      JsonNode json =
          new ObjectMapper()
              .readTree(
                  fixture.directory().resolveSibling("expected").resolve("greedy.json").toFile());
      JsonNode family = json.at("/families/" + fixture.family());
      List<LayerMask> masks = new ArrayList<>();
      List<List<String>> tokens = new ArrayList<>();
      for (var entry : family.get("tokens").properties()) {
        masks.add(LayerMask.of(fixture.layers(), layers(entry.getKey())));
        tokens.add(rows(entry.getValue()).stream().map(ImmutableLongArray::toString).toList());
      }
      return new Golden(json.get("new_tokens").asInt(), rows(family.get("prompts")), masks, tokens);
    }

    private static int[] layers(String mask) throws IOException {
      JsonNode layers = new ObjectMapper().readTree(mask);
      return IntStream.range(0, layers.size()).map(i -> layers.get(i).asInt()).toArray();
    }

    private static List<ImmutableLongArray> rows(JsonNode json) {
      return StreamSupport.stream(json.spliterator(), false)
          .map(
              row ->
                  ImmutableLongArray.copyOf(
                      StreamSupport.stream(row.spliterator(), false).mapToLong(JsonNode::asLong)))
          .toList();
    }
  }
}
