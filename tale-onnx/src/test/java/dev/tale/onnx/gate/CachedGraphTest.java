package dev.tale.onnx.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.model.LayerMask;
import dev.tale.onnx.graph.Difference;
import dev.tale.onnx.graph.OrtModel;
import dev.tale.onnx.graph.OrtModel.Array;
import dev.tale.onnx.graph.Prompts;
import dev.tale.onnx.graph.TestModels;
import dev.tale.onnx.layers.CacheFormat;
import dev.tale.onnx.layers.CacheLayout;
import dev.tale.onnx.layers.CachePort;
import dev.tale.onnx.layers.ResidualStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CachedGraphTest {
  private static final int ROWS = 3;
  private static final int FIRST = 5;
  private static final int ALL = 9;

  static Stream<Arguments> modelsAndForms() {
    return Stream.of(TestModels.QWEN2, TestModels.DYNAMO)
        .flatMap(
            model -> Arrays.stream(ConditionForm.values()).map(form -> Arguments.of(model, form)));
  }

  @ParameterizedTest
  @MethodSource("modelsAndForms")
  void goingOnFromTheCaches_isOneRunOfAll(TestModels test, ConditionForm form) throws IOException {
    ResidualStream stream = ResidualStream.find(test.graph());
    GatedGraph gated = GatedGraph.withCaches(stream, form);
    assertThat(gated.cacheLayout()).contains(CacheLayout.CONCATENATED);
    Prompts prompts = Prompts.random(ROWS, ALL, gated.vocabularySize(), 1).columns(0, ALL);
    for (LayerMask mask :
        List.of(
            LayerMask.none(test.layers),
            LayerMask.of(test.layers, 0),
            LayerMask.of(test.layers, 1, 2))) {
      float[] expected = rest(whole(GatedGraph.of(stream, form), prompts, mask));
      float[] actual = inTwoRuns(gated, prompts, mask);
      assertThat(Difference.max(actual, expected)).as(mask.toString()).isLessThanOrEqualTo(1e-4);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"QWEN2", "DYNAMO"})
  void aLayerThatIsOff_remembersNothing(TestModels test) throws IOException {
    GatedGraph gated = GatedGraph.withCaches(ResidualStream.find(test.graph()), ConditionForm.BOOL);
    Prompts prompts = Prompts.random(ROWS, FIRST, gated.vocabularySize(), 1).columns(0, FIRST);
    LayerMask mask = LayerMask.of(test.layers, 1);
    try (OrtModel model = OrtModel.open(gated)) {
      Map<String, Array> feeds = new GatedRun(gated, model).feeds(prompts, null, true, mask);
      feedCaches(feeds, gated, mask, Map.of());
      Map<String, Array> outputs = model.run(feeds);
      for (int layer = 0; layer < test.layers; layer++) {
        for (CachePort port : gated.caches(layer)) {
          assertThat(outputs.get(port.present()).shape())
              .as(port.present())
              .containsExactly(ROWS, test.heads, layer == 1 ? 0 : FIRST, test.headSize);
        }
      }
    }
    assertThat(gated.cacheBytesPerToken())
        .isEqualTo(4L * 2 * test.layers * test.heads * test.headSize);
  }

  private static float[] whole(GatedGraph gated, Prompts prompts, LayerMask mask) {
    try (OrtModel model = OrtModel.open(gated)) {
      return new GatedRun(gated, model).whole(prompts, mask).get(GatedGraph.LOGITS).floats();
    }
  }

  /** The logits at the positions of the second run. */
  private static float[] rest(float[] logits) {
    int vocabulary = logits.length / (ROWS * ALL);
    int length = (ALL - FIRST) * vocabulary;
    float[] rest = new float[ROWS * length];
    for (int row = 0; row < ROWS; row++) {
      System.arraycopy(logits, (row * ALL + FIRST) * vocabulary, rest, row * length, length);
    }
    return rest;
  }

  private static float[] inTwoRuns(GatedGraph gated, Prompts prompts, LayerMask mask) {
    try (OrtModel model = OrtModel.open(gated)) {
      GatedRun run = new GatedRun(gated, model);
      Map<String, Array> feeds = run.feeds(prompts.columns(0, FIRST), null, true, mask);
      feedCaches(feeds, gated, mask, Map.of());
      Map<String, Array> before = model.run(feeds);
      Prompts more = prompts.columns(FIRST, ALL);
      Map<String, Array> next = run.feeds(more, null, true, mask);
      next.putAll(more.feedsAfter(FIRST, model.inputs()));
      feedCaches(next, gated, mask, before);
      long[] positions = LongStream.range(0, more.ids().length).toArray();
      next.put(GatedGraph.POSITIONS, new Array(positions, positions.length));
      next.put(GatedGraph.TOKENS, new Array(new long[positions.length], positions.length, 1));
      return model.run(next, GatedGraph.LOGITS).get(GatedGraph.LOGITS).floats();
    }
  }

  /** What layers gave before, nothing to those that are off, and one that is on for the shape. */
  private static void feedCaches(
      Map<String, Array> feeds, GatedGraph gated, LayerMask mask, Map<String, Array> before) {
    CacheFormat format = gated.cacheFormats().get(0);
    Array empty = new Array(new float[0], format.shape(ROWS, 0));
    feeds.put(GatedGraph.pastShape(0), empty);
    for (int layer = 0; layer < gated.layerCount(); layer++) {
      for (CachePort port : gated.caches(layer)) {
        Array past = mask.removes(layer) ? empty : before.getOrDefault(port.present(), empty);
        feeds.put(port.past(), past);
        if (!mask.removes(layer)) {
          feeds.put(GatedGraph.pastShape(0), past);
        }
      }
    }
  }
}
