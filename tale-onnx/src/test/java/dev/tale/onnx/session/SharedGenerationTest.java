package dev.tale.onnx.session;

import static dev.tale.onnx.session.NanoSession.LAYERS;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.model.RunStatistics;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.batch.BatchSize;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.decode.DraftRules;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.onnx.session.runtime.Runs;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.onnx.session.walk.Traversal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers to prompts that begin alike and differ in length: the same tokens, for less. */
@Tag("slow")
class SharedGenerationTest {
  private static final long SEED = 47;
  private static final int HEADER = 60;
  private static final List<LayerMask> MASKS =
      List.of(LayerMask.none(LAYERS), LayerMask.of(LAYERS, 2), LayerMask.of(LAYERS, 2, 7));

  private int openBefore;

  @BeforeEach
  void countOpen() {
    openBefore = Native.open();
  }

  @AfterEach
  void everyNativeObjectIsClosed() {
    assertThat(Native.open()).as("native objects open").isEqualTo(openBefore);
  }

  @Test
  void sharingGivesWhatRecomputingGives_withFewerTokensAndNoMoreRuns() throws IOException {
    List<TokenRequest> requests = requests(32, HEADER, 12, 300);
    try (GatedSession shared = open(SessionConfig.cpu(1));
        GatedSession apart = open(SessionConfig.cpu(1).sharingNothing())) {
      List<List<Response>> given = answers(shared, requests, MASKS);
      assertThat(given).as("seed %d", SEED).isEqualTo(recomputed(requests, MASKS));
      List<LayerMask> one = MASKS.subList(0, 1);
      RunStatistics before = shared.statistics();
      answers(shared, requests, one);
      answers(apart, requests, one);
      assertThat(shared.statistics().layerForwards() - before.layerForwards())
          .as("all but the header, once for 32")
          .isEqualTo(apart.statistics().layerForwards() - 31L * HEADER * LAYERS);
      assertThat(shared.statistics().runs() - before.runs())
          .as("the header, the prompts, and 11 tokens")
          .isEqualTo(13)
          .isLessThan(apart.statistics().runs());
    }
  }

  @Test
  void manyPromptsOfAnyLengthAreDecodedInFewBatches() throws IOException {
    Random random = new Random(SEED);
    List<TokenRequest> requests =
        IntStream.range(0, 32)
            .<TokenRequest>mapToObj(i -> NanoSession.generation(20 + i, 12, random))
            .toList();
    try (GatedSession session = open(SessionConfig.cpu(1))) {
      assertThat(answers(session, requests, MASKS)).isEqualTo(recomputed(requests, MASKS));
      long before = session.runs().count();
      answers(session, requests, MASKS.subList(0, 1));
      assertThat(session.runs().count() - before).as("two batches").isEqualTo(24);
    }
  }

  @Test
  void finishedRowsLeave() throws IOException {
    Random random = new Random(SEED);
    List<TokenRequest> requests = new ArrayList<>();
    IntStream.range(0, 15).forEach(i -> requests.add(NanoSession.generation(20, 4, random)));
    requests.add(NanoSession.generation(20, 64, random));
    try (GatedSession session = open(SessionConfig.cpu(1))) {
      answers(session, requests, MASKS.subList(0, 1));
      assertThat(session.statistics().tokens()).isEqualTo(16 * 20 + 16 * 3 + 60);
      assertThat(session.statistics().padding()).as("places of finished rows").isZero();
    }
  }

  @Test
  void finishedRowsBehindAHeaderLeave() throws IOException {
    List<TokenRequest> requests = new ArrayList<>();
    for (TokenRequest request : requests(16, HEADER, 4, 300)) {
      int tokens = requests.isEmpty() ? 40 : 4;
      requests.add(
          new TokenRequest.Generate(((TokenRequest.Generate) request).input(), List.of(), tokens));
    }
    List<LayerMask> all = MASKS.subList(0, 1);
    try (GatedSession session = open(SessionConfig.cpu(1))) {
      List<List<Response>> given = answers(session, requests, all);
      long prompts = requests.stream().mapToLong(row -> row.input().length() - HEADER).sum();
      long longest =
          requests.stream().mapToLong(row -> row.input().length() - HEADER).max().orElse(0);
      assertThat(session.statistics().tokens()).isEqualTo(HEADER + prompts + 16 * 3 + 36);
      assertThat(session.statistics().padding()).as("prompts'").isEqualTo(16 * longest - prompts);
      assertThat(given).isEqualTo(recomputed(requests, all));
    }
  }

  @Test
  void whatCannotBeBatchedBehindAHeaderIsRunWholeUnlessThatCostsMore() throws IOException {
    ResidualStream stream =
        ModelDirectory.open(Fixtures.named("llama31-genai-fp32").directory()).stream();
    List<LayerMask> all = List.of(LayerMask.none(stream.layerCount()));
    try (GatedSession shared = GatedSession.open(stream, SessionConfig.cpu(1));
        GatedSession apart = GatedSession.open(stream, SessionConfig.cpu(1).sharingNothing())) {
      int tokens = shared.vocabularySize();
      List<TokenRequest> answered = requests(8, 20, 10, tokens);
      assertThat(answers(shared, answered, all)).isEqualTo(answers(apart, answered, all));
      assertThat(shared.runs().count()).isEqualTo(apart.runs().count());
      List<TokenRequest.Generate> first = generations(requests(8, 400, 1, tokens));
      assertThat(shared.plan().tokensToPrompt(first))
          .as("a long header and one token")
          .isEqualTo(apart.plan().tokensToPrompt(first) - 7 * 400);
    }
  }

  @Test
  void whatFailedIsNotAskedOfALaterCallUntilMuchSucceeded() throws IOException {
    List<TokenRequest> requests = requests(40, HEADER, 12, 300);
    List<LayerMask> one = MASKS.subList(0, 1);
    try (GatedSession session = open(SessionConfig.cpu(1))) {
      List<List<Response>> expected = answers(session, requests, one);
      List<Long> refused = new ArrayList<>();
      Runs.Runner[] whole = new Runs.Runner[1];
      session
          .runs()
          .intercept(
              runner -> {
                whole[0] = runner;
                return (inputs, outputs) -> {
                  long rows = inputs.get("input_ids").getInfo().getShape()[0];
                  if (rows > 12) {
                    refused.add(rows);
                    throw new OrtException(OrtException.OrtErrorCode.ORT_FAIL, "std::bad_alloc");
                  }
                  return runner.run(inputs, outputs);
                };
              });
      assertThat(answers(session, requests, one)).isEqualTo(expected);
      assertThat(refused).as("rows that failed").contains(40L, 20L);
      refused.clear();
      assertThat(answers(session, requests, one)).isEqualTo(expected);
      assertThat(refused).as("rows that failed later").isEmpty();
      session.runs().intercept(runner -> whole[0]);
      List<TokenRequest> small = requests(1, HEADER, 1, 300);
      IntStream.range(0, 4 * BatchSize.PATIENCE).forEach(i -> answers(session, small, one));
      long before = session.runs().count();
      answers(session, requests, one);
      assertThat(session.runs().count() - before).as("one batch again").isEqualTo(13);
    }
  }

  private static GatedSession open(SessionConfig config) throws IOException {
    OnnxGraph graph = OnnxGraph.read(NanoLlama.directory().resolve("model.onnx"));
    return GatedSession.open(ResidualStream.find(graph), config);
  }

  private static List<List<Response>> answers(
      GatedSession session, List<TokenRequest> requests, List<LayerMask> masks) {
    DraftRules rules = new DraftRules(NanoSession::text, ImmutableSet.of());
    return new Responder(session, rules, Traversal::shared, true)
        .answer(requests, masks)
        .responses();
  }

  private static List<List<Response>> recomputed(List<TokenRequest> requests, List<LayerMask> masks)
      throws IOException {
    DraftRules rules = new DraftRules(NanoSession::text, ImmutableSet.of());
    try (GatedSession session = NanoSession.open()) {
      return new Responder(session, rules, Traversal::oneByOne, false)
          .answer(requests, masks)
          .responses();
    }
  }

  private static List<TokenRequest.Generate> generations(List<TokenRequest> requests) {
    return requests.stream().map(TokenRequest.Generate.class::cast).toList();
  }

  /** A header that all rows have, and from 4 to 34 tokens of each row's own. */
  private static List<TokenRequest> requests(int rows, int header, int answer, int tokens) {
    Random random = new Random(SEED);
    return IntStream.range(0, rows)
        .<TokenRequest>mapToObj(
            row -> {
              ImmutableLongArray.Builder all = ImmutableLongArray.builder();
              new Random(1).longs(header, 3, tokens).forEach(all::add);
              all.add(3 + row);
              random.longs(3 + (7 * row) % 31, 3, tokens).forEach(all::add);
              return new TokenRequest.Generate(all.build(), List.of(), answer);
            })
        .toList();
  }
}
