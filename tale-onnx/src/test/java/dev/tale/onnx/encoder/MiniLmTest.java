package dev.tale.onnx.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.Score;
import dev.tale.journal.Journal;
import dev.tale.model.Granularity;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelExporter.Export;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class MiniLmTest {
  /** Of a cosine: some rounding steps of float32 apart. */
  private static final double TOLERANCE = 1e-5;

  private static final List<Request> PAIRS =
      List.of(
          new Request.Similarity("a cat", "a dog"),
          new Request.Similarity("the economy grows in spring", "stocks"),
          new Request.Similarity("The fish was fresh, the sauce was not.", "food and cooking"),
          new Request.Similarity("", "x"));

  @TempDir Path scratch;

  private static OnnxModel open(Path directory, Granularity granularity) throws IOException {
    return OnnxModel.builder(directory).device(Device.cpu(2)).granularity(granularity).open();
  }

  private static double[] cosines(OnnxModel model, LayerMask mask) {
    return model.respond(PAIRS, List.of(mask)).get(0).stream()
        .mapToDouble(answer -> ((Response.Similarity) answer).cosine())
        .toArray();
  }

  @Test
  void layersAndPartsAreFound() throws IOException {
    try (OnnxModel model = open(MiniLm.directory(), Granularity.LAYER)) {
      assertThat(model.info().layers())
          .hasSize(MiniLm.LAYERS)
          .allSatisfy(layer -> assertThat(layer.parameters()).isEqualTo(1_774_464));
    }
    try (OnnxModel model = open(MiniLm.directory(), Granularity.SUBLAYER)) {
      assertThat(model.info().layers())
          .hasSize(2 * MiniLm.LAYERS)
          .extracting(LayerInfo::parameters)
          .startsWith(592_128L, 1_182_336L);
    }
  }

  /**
   * Computed apart in Python: Hugging Face's tokenizers, ONNX Runtime on each text, mean, cosine.
   */
  @Test
  void similaritiesAreThoseOfAnotherImplementation() throws IOException {
    try (OnnxModel model = open(MiniLm.directory(), Granularity.LAYER)) {
      assertThat(cosines(model, LayerMask.none(MiniLm.LAYERS)))
          .containsExactly(
              new double[] {0.51853343, 0.21692859, 0.23173376, 0.53885667}, within(TOLERANCE));
    }
  }

  @ParameterizedTest
  @EnumSource(Granularity.class)
  void gatedModelAndExcisedModelInPlainRuntimeAgree(Granularity granularity) throws IOException {
    try (OnnxModel model = open(MiniLm.directory(), granularity)) {
      int parts = model.info().layerCount();
      LayerMask mask = LayerMask.of(parts, 1, parts / 2, parts - 1);
      Export export =
          model.exporter().orElseThrow().export(mask, scratch.resolve("out"), Map.of(), PAIRS);
      assertThat(export.maxAbsDifference()).as("hidden states").isLessThanOrEqualTo(1e-4);
      assertThat(export.verifiedPrompts()).as("distinct texts").isEqualTo(8);
      double[] gated = cosines(model, mask);
      assertThat(gated).isNotEqualTo(cosines(model, LayerMask.none(parts)));
      try (PlainEncoder excised = PlainEncoder.open(export.directory())) {
        assertThat(PAIRS.stream().mapToDouble(excised::cosine).toArray())
            .containsExactly(gated, within(TOLERANCE));
      }
    }
  }

  @Test
  void aTopicTaskIsPrunedDeployedAndOpenedAgain() throws IOException {
    Task selection = Topics.task().slice(0, 30);
    Task heldOut = Topics.task().slice(30, 60);
    try (OnnxModel model = open(MiniLm.directory(), Granularity.LAYER)) {
      PruneResult result = Tale.pruner().heldOut(heldOut).prune(model, selection);
      assertThat(result.baseline().configuration().score().correct()).isGreaterThanOrEqualTo(25);
      Configuration last = result.last().configuration();
      assertThat(last.mask().removedCount()).isPositive();
      Path written = result.last().export(scratch.resolve("topics")).directory();
      assertThat(scorePlainly(written, selection)).isEqualTo(last.score().correct());
      try (OnnxModel again = open(written, Granularity.LAYER)) {
        assertThat(score(again, selection)).isEqualTo(last.score());
        assertThat(score(again, heldOut)).isEqualTo(last.quoted());
      }
    }
  }

  @Test
  void aTopicTaskIsPrunedOfParts() throws IOException {
    Task rows = Topics.task().slice(0, 12);
    try (OnnxModel model = open(MiniLm.directory(), Granularity.SUBLAYER)) {
      PruneResult result = Tale.prune(model, rows);
      Configuration last = result.last().configuration();
      assertThat(last.mask().removedCount()).isPositive();
      assertThat(result.toString()).contains("12 attention and feed-forward parts");
      Path written = result.last().export(scratch.resolve("parts")).directory();
      assertThat(scorePlainly(written, rows)).isEqualTo(last.score().correct());
    }
  }

  private static Score score(OnnxModel model, Task task) {
    LayerMask all = LayerMask.none(model.info().layerCount());
    return new Evaluator(model, task, "again", Journal.none(), Progress.none())
        .evaluate(List.of(all))
        .get(0)
        .score();
  }

  private static int scorePlainly(Path directory, Task task) throws IOException {
    try (PlainEncoder encoder = PlainEncoder.open(directory)) {
      return (int)
          IntStream.range(0, task.size())
              .filter(row -> task.outcome(row, answers(encoder, task.requests(row))).correct())
              .count();
    }
  }

  private static List<Response> answers(PlainEncoder encoder, List<Request> requests) {
    return requests.stream()
        .<Response>map(request -> new Response.Similarity(encoder.cosine(request)))
        .toList();
  }
}
