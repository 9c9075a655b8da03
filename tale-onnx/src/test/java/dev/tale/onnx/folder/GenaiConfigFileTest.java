package dev.tale.onnx.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenaiConfigFileTest {
  private static final KeptLayers KEPT = KeptLayers.of(Granularity.LAYER, LayerMask.of(4, 1));

  @TempDir private Path directory;

  @Test
  void adjusted_changesWhatSpeaksOfLayers() throws IOException {
    JsonNode config =
        adjusted(
            """
            {"model": {"type": "gemma3_text", "context_length": 64, "decoder": {
              "session_options": {"log_id": "x", "provider_options": []}, "filename": "model.onnx",
              "head_size": 8, "num_hidden_layers": 4, "layer_types": ["conv", "a", "b", "c"],
              "inputs": {"past_key_names": "past_key_values.%d.key"},
              "sliding_window": {"window_size": 6, "layers": [0, 1, 3]}}},
             "search": {"top_p": 0.8}}
            """);
    assertThat(config)
        .isEqualTo(
            parse(
                """
                {"model": {"type": "gemma3_text", "context_length": 64, "decoder": {
                  "session_options": {"log_id": "x", "provider_options": []},
                  "filename": "onnx/model.onnx",
                  "head_size": 8, "num_hidden_layers": 3, "layer_types": ["conv", "b", "c"],
                  "inputs": {"past_key_names": "past_key_values.%d.key"},
                  "sliding_window": {"window_size": 6, "layers": [0, 2]}}},
                 "search": {"top_p": 0.8}}
                """));
  }

  /** An empty list would mean all layers. */
  @Test
  void adjusted_dropsAWindowThatNoLayerHas() throws IOException {
    String window = "{\"window_size\": 6, \"layers\": %s}";
    assertThat(decoder(window.formatted("[1]")).has("sliding_window")).isFalse();
    assertThat(decoder(window.formatted("[]")).has("sliding_window")).isTrue();
    assertThat(decoder("{\"window_size\": 6}").has("sliding_window")).isTrue();
  }

  private JsonNode decoder(String window) throws IOException {
    return adjusted(
            "{\"model\": {\"decoder\": {\"num_hidden_layers\": 4, \"sliding_window\": %s}}}"
                .formatted(window))
        .at("/model/decoder");
  }

  @Test
  void adjusted_leavesNoNativeCodeToLoad() throws IOException {
    JsonNode config =
        adjusted(
            """
            {"model": {"decoder": {"num_hidden_layers": 4,
              "session_options": {"custom_ops_library": "./evil.so", "intra_op_num_threads": 2}}}}
            """);
    assertThat(config.at("/model/decoder/session_options").toString())
        .isEqualTo("{\"intra_op_num_threads\":2}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[4]", "[-1]", "[\"0\"]"})
  void adjusted_refusesAWindowOfOtherLayers(String layers) {
    assertThatThrownBy(() -> decoder("{\"window_size\": 6, \"layers\": " + layers + "}"))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("genai_config.json", "sliding_window.layers", "4 layers");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | no model.decoder",
        "{\"model\": {\"decoder\": {\"num_hidden_layers\": 4, \"heads\": [3, 1, 2, 0]}}}"
            + " | heads is [3,1,2,0]",
        "{\"model\": {\"decoder\": {\"num_hidden_layers\": 3}}} | num_hidden_layers is 3",
        "{\"model\": {\"decoder\": {\"num_hidden_layers\": 4, \"pipeline\": []}}} | pipeline",
        "{\"model\": {\"decoder\": {\"num_hidden_layers\": 4, \"state_groups\": []}}} | state_groups",
        "{\"model\": {\"decoder\": {\"num_hidden_layers\": 4}, \"vision\": {\"filename\": \"v\"}}}"
            + " | model.vision"
      })
  void adjusted_refuses(String config, String reason) {
    assertThatThrownBy(() -> adjusted(config))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("genai_config.json", reason);
  }

  private JsonNode adjusted(String config) throws IOException {
    Path file = Files.writeString(directory.resolve("genai_config.json"), config);
    return new ObjectMapper()
        .readTree(
            JsonFile.bytes(GenaiConfigFile.adjusted(SideFile.read(file), KEPT, "onnx/model.onnx")));
  }

  private static JsonNode parse(String json) throws IOException {
    return new ObjectMapper().readTree(json);
  }
}
