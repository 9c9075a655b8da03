package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelConfigTest {
  @TempDir private Path directory;

  /** Python writes numbers that are not JSON, as in time_step_limit of Mamba. */
  @Test
  void json_readsWhatPythonWrites() throws IOException {
    Path file =
        Files.writeString(directory.resolve("config.json"), "{\"a\": [0.0, Infinity, NaN]}");
    assertThat(ModelConfig.json(file).at("/a/1").doubleValue()).isInfinite();
    assertThat(ModelConfig.json(file).at("/a/2").doubleValue()).isNaN();
  }

  @Test
  void json_refusesWhatIsNotJson() throws IOException {
    Path file = Files.writeString(directory.resolve("config.json"), "{\"a\": ");
    assertThatThrownBy(() -> ModelConfig.json(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(file + " is not JSON");
  }
}
