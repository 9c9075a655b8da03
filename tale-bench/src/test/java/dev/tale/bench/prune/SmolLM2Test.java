package dev.tale.bench.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelExporter.Export;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.Timing;
import dev.tale.onnx.ExportForm;
import dev.tale.onnx.OnnxModel;
import dev.tale.report.Report;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Example;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SmolLM2-135M-Instruct in every form that it is opened in, from the directory that {@code
 * make_smollm2.py} fills and {@code -Dtale.smollm2} names.
 */
@Tag("smollm2")
class SmolLM2Test {
  private static final String GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf";
  private static final int LAYERS = 30;

  @TempDir Path directory;
  private Path forms = Path.of("");

  @BeforeEach
  void find() {
    forms = Path.of(System.getProperty("tale.smollm2", "absent"));
    assumeTrue(Files.isDirectory(forms), "-Dtale.smollm2=DIR, as make_smollm2.py fills it");
  }

  private Path form(String name) {
    Path path = forms.resolve(name);
    assumeTrue(Files.exists(path), path + " is not there");
    return path;
  }

  private JsonNode expected() throws IOException {
    return new ObjectMapper().readTree(form("expected.json").toFile());
  }

  private static List<Request> requests(JsonNode expected) {
    List<Request> requests = new ArrayList<>();
    for (JsonNode text : expected.get("texts")) {
      requests.add(new Request.LogLikelihood(text.get(0).asText(), text.get(1).asText()));
    }
    return requests;
  }

  private static List<LayerMask> masks(JsonNode expected) {
    List<LayerMask> masks = new ArrayList<>();
    for (JsonNode removed : expected.get("masks")) {
      masks.add(
          LayerMask.of(
              LAYERS,
              IntStream.range(0, removed.size()).map(i -> removed.get(i).asInt()).toArray()));
    }
    return masks;
  }

  /** 64 questions under 20 masks, beside transformers with the layers deleted. */
  @ParameterizedTest
  @ValueSource(strings = {GGUF, "hf", "hf-shards", "onnx"})
  void logLikelihoodsAreThoseOfTransformers(String name) throws IOException {
    JsonNode expected = expected();
    double largest = 0;
    try (OnnxModel model = OnnxModel.open(form(name))) {
      List<List<Response>> answers = model.respond(requests(expected), masks(expected));
      for (int mask = 0; mask < answers.size(); mask++) {
        for (int row = 0; row < answers.get(mask).size(); row++) {
          Response.LogLikelihood answer = (Response.LogLikelihood) answers.get(mask).get(row);
          double perToken = answer.sum() / answer.tokens();
          double wanted =
              expected.get("logLikelihoods").get(mask).get(row).asDouble() / answer.tokens();
          largest = Math.max(largest, Math.abs(perToken - wanted));
          assertThat(perToken)
              .as("%s, mask %d, row %d", name, mask, row)
              .isCloseTo(wanted, within(1e-3));
        }
      }
    }
    System.out.printf("%s: largest difference of log-likelihoods %.2e a token%n", name, largest);
  }

  /** The weights are the same, so is every count. */
  @Test
  void everyFormGivesTheSameSearch() throws IOException {
    List<String> found = new ArrayList<>();
    for (String name : List.of(GGUF, "hf", "hf-shards", "onnx")) {
      try (OnnxModel model = OnnxModel.open(form(name))) {
        Report report = search(model).report();
        found.add(report.trajectory().rounds().get(0).candidates() + " " + report.last().mask());
      }
    }
    assertThat(found).hasSize(4).allMatch(found.get(0)::equals);
  }

  private PruneResult search(LayeredModel model) throws IOException {
    JsonNode texts = expected().get("texts");
    List<Example> rows = new ArrayList<>();
    for (int row = 0; row < 24; row++) {
      List<String> choices =
          List.of(texts.get(row).get(1).asText(), texts.get(row + 24).get(1).asText());
      rows.add(Example.multipleChoice(texts.get(row).get(0).asText(), choices, 0));
    }
    return Tale.pruner()
        .strategy(SearchStrategy.greedy().removingAtMost(1))
        .prune(model, Task.multipleChoice("pairs", rows, row -> row));
  }

  /** All that Tale does with a model, in the form that was opened. */
  @ParameterizedTest
  @ValueSource(strings = {GGUF, "hf"})
  void theModelAnswersAndIsWritten(String name) throws IOException {
    LayerMask mask = LayerMask.of(LAYERS, 7, 26);
    Request question = new Request.Generation("The capital of France is", List.of("."), 8);
    Path out = directory.resolve("out");
    String without;
    try (OnnxModel model = OnnxModel.open(form(name))) {
      assertThat(model.ask("The capital of France is").atMost(8).stoppingAt(".").answer().text())
          .isEqualTo(" Paris");
      without = model.ask("Water boils at").under(mask).atMost(12).answer().text();
      assertThat(model.hiddenStates().orElseThrow().width()).isEqualTo(576);
      assertThat(
              model
                  .latencyMeter()
                  .orElseThrow()
                  .measure(List.of(LayerMask.none(LAYERS), mask), List.of(question), Timing.DEFAULT)
                  .models())
          .hasSize(2);
      Export export = model.exporter().orElseThrow().export(mask, out, Map.of(), List.of(question));
      assertThat(export.maxAbsDifference()).isLessThan(1e-3);
    }
    try (OnnxModel pruned = OnnxModel.open(out)) {
      assertThat(pruned.info().layerCount()).isEqualTo(LAYERS - 2);
      assertThat(pruned.ask("Water boils at").atMost(12).answer().text()).isEqualTo(without);
    }
  }

  @Test
  void anOnnxModelIsWrittenOfAFolder() throws IOException {
    Path out = directory.resolve("onnx");
    Request question = new Request.LogLikelihood("The capital of France is", " Paris");
    try (OnnxModel model = OnnxModel.builder(form("hf")).exportForm(ExportForm.ONNX).open()) {
      model
          .exporter()
          .orElseThrow()
          .export(LayerMask.of(LAYERS, 3), out, Map.of(), List.of(question));
    }
    assertThat(out.resolve("model.onnx")).exists();
    assertThat(out.resolve("model.safetensors")).doesNotExist();
  }
}
