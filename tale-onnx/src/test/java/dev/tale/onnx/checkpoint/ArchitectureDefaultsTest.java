package dev.tale.onnx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.onnx.graph.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Settings that a file leaves out, or that only some layers follow, as transformers 4.57.6 has it.
 */
class ArchitectureDefaultsTest {

  private static Architecture read(String name, Consumer<ObjectNode> change) throws IOException {
    Path file = CheckpointTest.FIXTURES.resolve(name).resolve("config.json");
    ObjectNode config = (ObjectNode) new ObjectMapper().readTree(file.toFile());
    change.accept(config);
    return Architecture.read(new Source(file), config);
  }

  private static List<Integer> windows(Architecture architecture) {
    return architecture.layers().stream().map(Architecture.Layer::window).toList();
  }

  @Test
  void epsilonsOfFamilies() throws IOException {
    assertThat(read("olmo2", config -> config.remove("rms_norm_eps")).epsilon()).isEqualTo(1e-5f);
    assertThat(read("phi3", config -> config.remove("rms_norm_eps")).epsilon()).isEqualTo(1e-5f);
    assertThat(read("llama", config -> config.remove("rms_norm_eps")).epsilon()).isEqualTo(1e-6f);
  }

  @Test
  void rotationsOfFamilies() throws IOException {
    assertThat(read("smollm3", config -> config.remove("rope_theta")).rope().theta())
        .isEqualTo(2e6);
    assertThat(read("qwen3", config -> config.remove("rope_theta")).rope().theta()).isEqualTo(1e4);
  }

  @Test
  void windowsOfLayersWithoutPositions() throws IOException {
    Architecture smollm3 =
        read(
            "smollm3",
            config ->
                config
                    .put("use_sliding_window", true)
                    .put("sliding_window", 3)
                    .remove("layer_types"));
    assertThat(windows(smollm3)).containsExactly(0, 3, 0);
  }

  /** Their attention does not look at the types of layers. */
  @Test
  void windowsOfAllLayers() throws IOException {
    for (String name : List.of("phi3", "mistral-window")) {
      int window = windows(read(name, config -> {})).get(0);
      Architecture typed =
          read(
              name,
              config ->
                  config
                      .putArray("layer_types")
                      .add("full_attention")
                      .add("full_attention")
                      .add("full_attention"));
      assertThat(windows(typed)).containsExactly(window, window, window).doesNotContain(0);
    }
  }
}
