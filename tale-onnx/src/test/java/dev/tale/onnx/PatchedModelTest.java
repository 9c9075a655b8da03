package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.Iterables;
import dev.tale.PatchedExport;
import dev.tale.PatchedModel;
import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.LinearPatch;
import dev.tale.model.LinearPatches;
import dev.tale.model.ModelExporter.Export;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.patch.SpanFit;
import dev.tale.policy.Floor;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maps in the place of layers of nano-llama, from the search to the written model. */
@Tag("slow")
class PatchedModelTest {
  private static final long SEED = 7;
  private static final int WIDTH = 128;
  private static final List<Request> REQUESTS =
      List.of(
          new Request.LogLikelihood("not True is", " False"),
          new Request.Generation("True and False is", List.of(), 4));

  @TempDir private Path parent;
  private OnnxModel model;

  @BeforeEach
  void open() throws IOException {
    model = OnnxModel.builder(NanoLlama.directory()).device(Device.cpu(2)).open();
  }

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void aSearchIsPatchedWrittenAndCompared() throws IOException {
    PruneResult result = searched();
    PatchedModel patched = result.last().patched(texts());
    LayerMask mask = result.last().configuration().mask();
    assertThat(mask.removedCount()).isEqualTo(3);
    assertThat(patched.fit().spans()).hasSameSizeAs(LinearPatch.spans(mask));
    assertThat(patched.fit().spans()).allMatch(SpanFit::helps);
    PatchedExport written = patched.export(parent.resolve("patched"));
    Export plain = result.last().export(parent.resolve("plain"));
    assertThat(written.export().mask()).isEqualTo(mask);
    assertThat(written.export().maxAbsDifference()).isLessThanOrEqualTo(1e-3);
    assertThat(written.addedParameters())
        .isEqualTo((long) WIDTH * WIDTH * patched.patches().size());
    assertThat(written.export().bytes() - plain.bytes())
        .isBetween(written.addedBytes(), written.addedBytes() + 4096);
    assertThat(written.originalLoss()).isCloseTo(loss(model, LayerMask.none(12)), within(1e-9));
    assertThat(written.lossWithout()).isCloseTo(loss(model, mask), within(1e-9));
    try (OnnxModel patchedModel = OnnxModel.open(written.export().directory())) {
      assertThat(written.lossWith())
          .isCloseTo(loss(patchedModel, LayerMask.none(9)), within(1e-5))
          .isNotCloseTo(written.lossWithout(), within(1e-3));
    }
    assertThat(written.rowsWithout().orElseThrow().score().correct())
        .isEqualTo(Iterables.getLast(result.report().heldOut()).correct());
    assertThat(written.toString()).contains("held-out rows: ", "loss on held-out texts: ");
    assertThat(parent.resolve("patched/README.md")).content().contains(written.toString());
    assertThat(parent.resolve("patched/mergekit.yaml")).doesNotExist();
    assertLayersAreFoundAgain(written.export().directory(), mask);
  }

  /** Of every tenth text from the end, after its first word. */
  private static double loss(OnnxModel asked, LayerMask mask) {
    double sum = 0;
    int tokens = 0;
    for (int text = 9; text < texts().size(); text += 10) {
      Request request = new Request.LogLikelihood("Q:", texts().get(text).substring(2));
      Response response = asked.respond(List.of(request), List.of(mask)).get(0).get(0);
      sum -= ((Response.LogLikelihood) response).sum();
      tokens += ((Response.LogLikelihood) response).tokens();
    }
    return sum / tokens;
  }

  private PruneResult searched() throws IOException {
    Task rows = BooleanExpressions.task(4, 120, SEED);
    return Tale.pruner()
        .strategy(SearchStrategy.spans().removingAtMost(3))
        .floor(Floor.belowBaseline(1))
        .withoutLatency()
        .heldOut(rows.slice(60, 120))
        .prune(model, rows.slice(0, 60));
  }

  /** A written model with maps is a model like any other: it is searched and pruned again. */
  private void assertLayersAreFoundAgain(Path directory, LayerMask mask) throws IOException {
    try (OnnxModel written = OnnxModel.open(directory)) {
      int layers = mask.kept().size();
      assertThat(written.info().layerCount()).isEqualTo(layers);
      Export again =
          written
              .exporter()
              .orElseThrow()
              .export(
                  LayerMask.of(layers, layers - 1), parent.resolve("again"), Map.of(), REQUESTS);
      assertThat(again.maxAbsDifference()).isLessThanOrEqualTo(1e-4);
    }
  }

  @Test
  void mapsEverywhereAreFoundAgain() throws IOException {
    LayerMask mask = LayerMask.of(12, 0, 3, 4, 11);
    List<LinearPatch> patches =
        LinearPatch.spans(mask).stream()
            .map(span -> LinearPatch.of(span[0], span[1], diagonal(0.01f)))
            .toList();
    Export export = export(mask, patches);
    assertThat(export.maxAbsDifference()).isLessThanOrEqualTo(1e-3);
    try (OnnxModel written = OnnxModel.open(export.directory())) {
      assertThat(written.info().layerCount()).isEqualTo(8);
      List<Response> answers = written.respond(REQUESTS, List.of(LayerMask.none(8))).get(0);
      assertThat(answers).isNotEqualTo(model.respond(REQUESTS, List.of(mask)).get(0));
      LinearPatch next = LinearPatch.of(2, 2, diagonal(0.02f));
      Export twice =
          written
              .linearPatches()
              .orElseThrow()
              .exporter(List.of(next))
              .export(LayerMask.of(8, 2), parent.resolve("twice"), Map.of(), REQUESTS);
      try (OnnxModel last = OnnxModel.open(twice.directory())) {
        assertThat(last.info().layerCount()).isEqualTo(7);
      }
    }
  }

  /** No ridge but an infinite one: the model is that without maps, bit for bit. */
  @Test
  void mapsOfZerosAreNotWritten() throws IOException {
    LayerMask mask = LayerMask.of(12, 5, 6);
    Export zeros = export(mask, List.of(LinearPatch.of(5, 6, new float[WIDTH * WIDTH])));
    Export plain =
        model.exporter().orElseThrow().export(mask, parent.resolve("plain"), Map.of(), REQUESTS);
    assertThat(zeros.directory().resolve("model.onnx"))
        .hasSameBinaryContentAs(plain.directory().resolve("model.onnx"));
    assertThat(zeros.maxAbsDifference()).isEqualTo(plain.maxAbsDifference());
  }

  @Test
  void mapsThatDoNotFitAreRefused() throws IOException {
    assertThatThrownBy(
            () -> export(LayerMask.of(12, 5, 6), List.of(LinearPatch.of(5, 5, diagonal(1)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layers 5 to 5");
    float[] narrow = new float[16];
    narrow[0] = 1;
    assertThatThrownBy(() -> export(LayerMask.of(12, 5), List.of(LinearPatch.of(5, 5, narrow))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("128 components");
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void partsOfLayersAreRefused() throws IOException {
    try (OnnxModel parts =
        OnnxModel.builder(NanoLlama.directory()).granularity(Granularity.SUBLAYER).open()) {
      LinearPatches ability = parts.linearPatches().orElseThrow();
      assertThatThrownBy(ability::check)
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("Granularity.LAYER");
    }
  }

  /** No file of a checkpoint has a place for a map; an ONNX model that is made of it has. */
  @Test
  void checkpointsAreRefusedUnlessAnOnnxModelIsWritten() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("checkpoint"));
    Path llama = Path.of("src/test/resources/models/checkpoints/llama");
    for (String name : List.of("config.json", "generation_config.json", "model.safetensors")) {
      Files.copy(llama.resolve(name), folder.resolve(name));
    }
    Path tokenizer = NanoLlama.directory().resolve("tokenizer.json");
    Files.copy(tokenizer, folder.resolve("tokenizer.json"));
    try (OnnxModel opened = OnnxModel.open(folder)) {
      LinearPatches ability = opened.linearPatches().orElseThrow();
      assertThatThrownBy(ability::check)
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("exportForm(ExportForm.ONNX)");
    }
    try (OnnxModel opened = OnnxModel.builder(folder).exportForm(ExportForm.ONNX).open()) {
      LinearPatches ability = opened.linearPatches().orElseThrow();
      float[] matrix = new float[ability.width() * ability.width()];
      matrix[1] = 0.5f;
      List<Request> requests = List.of(new Request.LogLikelihood("Q:", "X-7"));
      Export export =
          ability
              .exporter(List.of(LinearPatch.of(1, 1, matrix)))
              .export(LayerMask.of(3, 1), parent.resolve("onnx"), Map.of(), requests);
      try (LayeredModel written = ability.open(export.directory())) {
        assertThat(written.info().layerCount()).isEqualTo(2);
      }
    }
  }

  @Test
  void badTextsAndNothingRemovedAreRefused() throws IOException {
    PruneResult result = searched();
    assertThatThrownBy(() -> result.baseline().patched(texts()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("removes nothing");
    assertThatThrownBy(() -> result.last().patched(texts().subList(0, 6)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokens to fit, fewer than the width of the model, 128");
    List<String> long1 = new ArrayList<>(texts());
    long1.set(3, String.join(" ", Collections.nCopies(300, "True and")));
    assertThatThrownBy(() -> result.last().patched(long1))
        .isInstanceOf(UnanswerableRequestException.class)
        .hasMessageContaining("context of 256");
  }

  @Test
  void readingIsCounted() {
    LinearPatches ability = model.linearPatches().orElseThrow();
    long before = model.runStatistics().orElseThrow().layerForwards();
    long[] tokens = {0};
    ability.read(
        REQUESTS,
        LayerMask.of(12, 1),
        List.of(2, 6),
        (request, states) -> tokens[0] += states.get(1).length / WIDTH);
    assertThat(model.runStatistics().orElseThrow().layerForwards() - before)
        .isEqualTo(5 * tokens[0]);
    assertThatThrownBy(
            () -> ability.read(REQUESTS, LayerMask.none(12), List.of(6, 2), (r, s) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[6, 2]");
  }

  @Test
  void theSameTextsGiveTheSameMaps() throws IOException {
    PruneResult result = searched();
    List<LinearPatch> once = result.last().patched(texts()).patches();
    assertThat(result.last().patched(texts()).patches()).isEqualTo(once);
  }

  private Export export(LayerMask mask, List<LinearPatch> patches) throws IOException {
    return model
        .linearPatches()
        .orElseThrow()
        .exporter(patches)
        .export(mask, parent.resolve("out"), Map.of(), REQUESTS);
  }

  private static float[] diagonal(float element) {
    float[] matrix = new float[WIDTH * WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      matrix[i * WIDTH + i] = element;
    }
    return matrix;
  }

  private static List<String> texts() {
    return BooleanExpressions.rows(3, 200, SEED + 1).stream()
        .map(row -> "Q: " + row.input() + "\nA: " + row.target())
        .toList();
  }
}
