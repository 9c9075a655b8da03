package dev.tale.onnx.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withPrecision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tale.model.LayerMask;
import dev.tale.onnx.graph.Difference;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.OrtModel;
import dev.tale.onnx.graph.OrtModel.Array;
import dev.tale.onnx.graph.Prompts;
import dev.tale.onnx.graph.TestModels;
import dev.tale.onnx.graph.TinyGraphs;
import dev.tale.onnx.graph.TinyModels;
import dev.tale.onnx.layers.HiddenType;
import dev.tale.onnx.layers.ResidualStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class GatedGraphTest {

  static Stream<Arguments> modelsAndForms() {
    return Arrays.stream(TestModels.values())
        .flatMap(
            model -> Arrays.stream(ConditionForm.values()).map(form -> Arguments.of(model, form)));
  }

  @ParameterizedTest
  @MethodSource("modelsAndForms")
  void nothingSkipped_isThePlainModel(TestModels test, ConditionForm form) throws IOException {
    OnnxGraph graph = test.graph();
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), form);
    Prompts prompts = Prompts.random(4, 23, gated.vocabularySize(), 1);
    try (OrtModel plain = OrtModel.open(test.file());
        OrtModel model = OrtModel.open(gated)) {
      float[] expected =
          plain
              .run(prompts.feedsWithEmptyPast(plain.inputs(), test.heads, test.headSize), "logits")
              .get("logits")
              .floats();
      Array actual =
          new GatedRun(gated, model)
              .whole(prompts, LayerMask.none(test.layers))
              .get(GatedGraph.LOGITS);
      assertThat(Difference.max(actual.floats(), expected)).isLessThanOrEqualTo(1e-4);
      assertThat(actual.shape()).containsExactly(4 * 23, gated.vocabularySize());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"QWEN2", "DYNAMO"})
  void masks_arePyTorchWithLayersDeleted(TestModels test) throws IOException {
    OnnxGraph graph = test.graph();
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), ConditionForm.BOOL);
    JsonNode expected = test.json("logits.json");
    FloatBuffer logits = test.floats("logits.bin");
    Prompts prompts = Prompts.of(expected.get("token_ids"));
    try (OrtModel model = OrtModel.open(gated)) {
      for (JsonNode removed : expected.get("masks")) {
        float[] actual =
            new GatedRun(gated, model)
                .whole(prompts, test.mask(removed))
                .get(GatedGraph.LOGITS)
                .floats();
        float[] wanted = new float[actual.length];
        logits.get(wanted);
        assertThat(Difference.max(actual, wanted))
            .as("removed %s", removed)
            .isLessThanOrEqualTo(1e-3);
      }
    }
    assertThat(logits.hasRemaining()).isFalse();
  }

  /** Prompts of different lengths side by side, padded; PyTorch ran each one alone. */
  @Test
  void masks_arePyTorchWithLayersDeletedFromNanoLlama() throws IOException {
    TestModels test = TestModels.NANO;
    OnnxGraph graph = test.graph();
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), ConditionForm.BOOL);
    JsonNode expected = test.json("../nano-llama-expected/logits.json");
    FloatBuffer logits = test.floats("../nano-llama-expected/logits.bin");
    List<JsonNode> ids = expected.get("prompts").findValues("token_ids");
    Prompts prompts = Prompts.ofDifferentLengths(ids);
    long[] last = prompts.lastPositions();
    try (OrtModel model = OrtModel.open(gated)) {
      GatedRun run = new GatedRun(gated, model);
      for (JsonNode removed : expected.get("masks")) {
        float[] actual =
            run.at(prompts, last, 1, test.mask(removed)).get(GatedGraph.LOGITS).floats();
        float[] wanted = new float[actual.length];
        logits.get(wanted);
        assertThat(Difference.max(actual, wanted))
            .as("removed %s", removed)
            .isLessThanOrEqualTo(1e-3);
      }
    }
    assertThat(logits.hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void lengthForm_isBoolForm(TestModels test) throws IOException {
    OnnxGraph graph = test.graph();
    ResidualStream stream = ResidualStream.find(graph);
    GatedGraph bool = GatedGraph.of(stream, ConditionForm.BOOL);
    GatedGraph length = GatedGraph.of(stream, ConditionForm.LENGTH);
    Prompts prompts = Prompts.random(3, 11, bool.vocabularySize(), 2);
    LayerMask mask = LayerMask.of(test.layers, 0, test.layers - 1);
    try (OrtModel one = OrtModel.open(bool);
        OrtModel other = OrtModel.open(length)) {
      Map<String, Array> expected = new GatedRun(bool, one).whole(prompts, mask);
      Map<String, Array> actual = new GatedRun(length, other).whole(prompts, mask);
      for (String output :
          List.of(GatedGraph.HIDDEN_OUT, GatedGraph.LOGITS, GatedGraph.LOG_PROBABILITIES)) {
        assertThat(actual.get(output).floats()).isEqualTo(expected.get(output).floats());
      }
      assertThat(actual.get(GatedGraph.ARGMAX).longs())
          .isEqualTo(expected.get(GatedGraph.ARGMAX).longs());
    }
  }

  @ParameterizedTest
  @MethodSource("modelsAndForms")
  void everyBoundary_canBeLeftAndEntered(TestModels test, ConditionForm form) throws IOException {
    OnnxGraph graph = test.graph();
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), form);
    Prompts prompts = Prompts.random(2, 9, gated.vocabularySize(), 3);
    try (OrtModel model = OrtModel.open(gated)) {
      GatedRun run = new GatedRun(gated, model);
      Map<String, Array> whole = run.whole(prompts, LayerMask.none(test.layers));
      for (int boundary = 0; boundary <= test.layers; boundary++) {
        Map<String, Array> left = run.segment(prompts, null, outside(test.layers, 0, boundary));
        Map<String, Array> entered =
            run.tail(
                prompts,
                left.get(GatedGraph.HIDDEN_OUT),
                outside(test.layers, boundary, test.layers));
        for (String output : List.of(GatedGraph.LOGITS, GatedGraph.HIDDEN_OUT)) {
          assertThat(entered.get(output).floats())
              .as("boundary %d, %s", boundary, output)
              .isEqualTo(whole.get(output).floats());
        }
      }
    }
  }

  /** A layer at a time, with the state handed over each time. */
  @Test
  void everyLayer_canBeRunAlone() throws IOException {
    TestModels test = TestModels.NANO;
    OnnxGraph graph = test.graph();
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), ConditionForm.BOOL);
    Prompts prompts = Prompts.random(3, 12, gated.vocabularySize(), 4);
    try (OrtModel model = OrtModel.open(gated)) {
      GatedRun run = new GatedRun(gated, model);
      Array hidden =
          run.segment(prompts, null, outside(test.layers, 0, 0)).get(GatedGraph.HIDDEN_OUT);
      for (int layer = 0; layer < test.layers; layer++) {
        hidden =
            run.segment(prompts, hidden, outside(test.layers, layer, layer + 1))
                .get(GatedGraph.HIDDEN_OUT);
      }
      assertThat(hidden.floats())
          .isEqualTo(
              run.whole(prompts, LayerMask.none(test.layers)).get(GatedGraph.HIDDEN_OUT).floats());
    }
  }

  @Test
  void head_reducesTheLogitsOfTheChosenPositions() throws IOException {
    TestModels test = TestModels.QWEN2;
    OnnxGraph graph = test.graph();
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), ConditionForm.BOOL);
    int vocabulary = gated.vocabularySize();
    Prompts prompts = Prompts.random(3, 7, vocabulary, 5);
    LayerMask none = LayerMask.none(test.layers);
    long[] positions = {20, 3, 3, 0};
    try (OrtModel model = OrtModel.open(gated)) {
      GatedRun run = new GatedRun(gated, model);
      float[] all = run.whole(prompts, none).get(GatedGraph.LOGITS).floats();
      Map<String, Array> chosen = run.at(prompts, positions, 2, none);
      for (int row = 0; row < positions.length; row++) {
        int start = (int) positions[row] * vocabulary;
        float[] logits = Arrays.copyOfRange(all, start, start + vocabulary);
        assertThat(chosen.get(GatedGraph.ARGMAX).longs()[row]).isEqualTo(argmax(logits));
        for (int token = 0; token < 2; token++) {
          assertThat((double) chosen.get(GatedGraph.LOG_PROBABILITIES).floats()[3 * row + token])
              .isEqualTo(logProbability(logits, token), withPrecision(1e-5));
        }
        assertThat((double) chosen.get(GatedGraph.LOG_PROBABILITIES).floats()[3 * row + 2])
            .isEqualTo(logProbability(logits, (int) argmax(logits)), withPrecision(1e-5));
      }
    }
  }

  @Test
  void head_takesNoTokensAndNoPositions() throws IOException {
    OnnxGraph graph = TestModels.QWEN2.graph();
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), ConditionForm.BOOL);
    Prompts prompts = Prompts.random(1, 4, gated.vocabularySize(), 6);
    LayerMask none = LayerMask.none(gated.layerCount());
    try (OrtModel model = OrtModel.open(gated)) {
      GatedRun run = new GatedRun(gated, model);
      Map<String, Array> noTokens = run.at(prompts, new long[] {3}, 0, none);
      assertThat(noTokens.get(GatedGraph.LOG_PROBABILITIES).shape()).containsExactly(1, 1);
      Map<String, Array> noPositions = run.at(prompts, new long[0], 1, none);
      assertThat(noPositions.get(GatedGraph.LOGITS).shape())
          .containsExactly(0, gated.vocabularySize());
      Map<String, Array> off = run.segment(prompts, null, none);
      assertThat(off.get(GatedGraph.LOGITS).shape()).containsExactly(0, gated.vocabularySize());
      assertThat(off.get(GatedGraph.LOG_PROBABILITIES).shape()).containsExactly(0, 0);
      assertThat(off.get(GatedGraph.ARGMAX).shape()).containsExactly(0);
    }
  }

  @Test
  void describesItself() throws IOException {
    OnnxGraph graph = TestModels.NANO.graph();
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), ConditionForm.BOOL);
    assertThat(gated.layerCount()).isEqualTo(12);
    assertThat(gated.layers()).hasSize(12);
    assertThat(gated.hiddenSize()).isEqualTo(128);
    assertThat(gated.hiddenType()).isEqualTo(HiddenType.FLOAT);
    assertThat(gated.hasAttentionMask()).isTrue();
    assertThat(gated.hasPositionIds()).isTrue();
    assertThat(gated.externalDataFolder()).isEmpty();
    assertThat(gated.modelBytes()).isEqualTo(gated.modelBytes());
  }

  /** Shapes of the look-up come from the embedding's output, but for those that it needs itself. */
  @ParameterizedTest
  @EnumSource
  void shapesOfTheLookUp_areThereWithoutIt(ConditionForm form, @TempDir Path directory)
      throws IOException {
    for (TinyGraphs graphs :
        List.of(TinyModels.shapeOfTheLookUp("Identity"), TinyModels.positionsFromTheLookUp())) {
      OnnxGraph graph = graphs.read(directory);
      GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), form);
      Prompts prompts = Prompts.random(2, 6, 8, 7);
      try (OrtModel plain = OrtModel.open(graph.file());
          OrtModel model = OrtModel.open(gated)) {
        float[] expected =
            plain.run(prompts.feeds(plain.inputs()), "logits").get("logits").floats();
        GatedRun run = new GatedRun(gated, model);
        Array embedded =
            run.segment(prompts, null, LayerMask.of(2, 0, 1)).get(GatedGraph.HIDDEN_OUT);
        Map<String, Array> entered = run.tail(prompts, embedded, LayerMask.none(2));
        assertThat(
                Difference.max(
                    run.whole(prompts, LayerMask.none(2)).get(GatedGraph.LOGITS).floats(),
                    expected))
            .isLessThanOrEqualTo(1e-5);
        assertThat(Difference.max(entered.get(GatedGraph.LOGITS).floats(), expected))
            .isLessThanOrEqualTo(1e-5);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void encoders_haveNoHead(ConditionForm form, @TempDir Path directory) throws IOException {
    OnnxGraph graph = TinyModels.encoder(2, false).read(directory);
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), form);
    assertThat(gated.hasHead()).isFalse();
    assertThat(gated.vocabularySize()).isZero();
    Prompts prompts = Prompts.random(2, 6, 8, 8);
    try (OrtModel plain = OrtModel.open(graph.file());
        OrtModel model = OrtModel.open(gated)) {
      assertThat(model.outputs()).containsExactly(GatedGraph.HIDDEN_OUT);
      assertThat(model.inputs())
          .containsExactly(
              "input_ids",
              GatedGraph.HIDDEN,
              GatedGraph.EMBEDDING_GATE,
              GatedGraph.layerGate(0),
              GatedGraph.layerGate(1));
      GatedRun run = new GatedRun(gated, model);
      Array first = run.segment(prompts, null, LayerMask.of(2, 1)).get(GatedGraph.HIDDEN_OUT);
      Array second = run.segment(prompts, first, LayerMask.of(2, 0)).get(GatedGraph.HIDDEN_OUT);
      float[] expected = plain.run(prompts.feeds(plain.inputs())).get("last_hidden_state").floats();
      assertThat(Difference.max(second.floats(), expected)).isLessThanOrEqualTo(1e-5);
      assertThat(Difference.max(first.floats(), expected)).isGreaterThan(1e-2);
    }
  }

  private static LayerMask outside(int layers, int from, int to) {
    return LayerMask.of(
        layers, IntStream.range(0, layers).filter(i -> i < from || i >= to).toArray());
  }

  private static long argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  private static double logProbability(float[] logits, int token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return logits[token] - Math.log(sum);
  }
}
