package dev.tale.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that runs the engine beside PyTorch, up to where it would need PyTorch. */
class ReleasedAlgorithmTest {
  private static final Path SCRIPT = Path.of("src/main/python/released_algorithm.py");

  /** As much of them as the script touches before its rows are known. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "torch.py", "def no_grad(): return lambda f: f\ndef set_num_threads(n): pass\n",
          "tokenizers.py", "Tokenizer = None\n",
          "transformers.py", "AutoModelForCausalLM = None\n");

  @TempDir Path directory;

  @Test
  void endsAsTheEngineCommandEnded() throws Exception {
    for (Map.Entry<String, String> library : LIBRARIES.entrySet()) {
      Files.writeString(directory.resolve(library.getKey()), library.getValue());
    }
    Path said = directory.resolve("said.txt");
    Process script = start(said, "--model", "nano", "--jar", "nowhere.jar", "--out", "out.json");
    assertThat(script.waitFor()).isEqualTo(1);
    assertThat(Files.readString(said, UTF_8))
        .contains("Unable to access jarfile nowhere.jar")
        .doesNotContain("Traceback");
  }

  private Process start(Path said, String... arguments) {
    ProcessBuilder python =
        new ProcessBuilder("python3", SCRIPT.toAbsolutePath().toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    python.command().addAll(List.of(arguments));
    Map<String, String> environment = python.environment();
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    environment.merge("PATH", java, (path, bin) -> bin + File.pathSeparator + path);
    environment.put("PYTHONPATH", directory.toString());
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    try {
      return python.start();
    } catch (IOException e) {
      return abort("needs python3: " + e.getMessage());
    }
  }
}
