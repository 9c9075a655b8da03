package dev.tale.onnx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.onnx.testing.TestClassPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A folder of real size on a heap of 256 MB. */
@Tag("nightly")
@EnabledOnOs({OS.LINUX, OS.MAC})
class BigCheckpointTest {
  @TempDir private Path directory;

  /** One of 32 layers stays, and embedding and head: 2.5 GB pass by the heap. */
  @Test
  void realSize_isOpenedGatedAndWritten() throws Exception {
    Path model = Files.createDirectory(directory.resolve("model"));
    BigCheckpoint.write(model);
    assertThat(Files.size(model.resolve("model.safetensors"))).isGreaterThan(16_000_000_000L);
    Path target = directory.resolve("pruned");
    List<String> lines = run(model, target, "1");
    lines.forEach(System.out::println);
    assertThat(lines)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("opened and understood").contains("32 layers"),
            line -> assertThat(line).startsWith("gated"),
            line -> assertThat(line).startsWith("written"));
    Checkpoint written = Checkpoint.read(target);
    assertThat(written.architecture().layers()).hasSize(1);
    assertThat(written.tensors()).hasSize(12);
    assertThat(Files.size(target.resolve("model.safetensors"))).isGreaterThan(2_500_000_000L);
  }

  private List<String> run(Path model, Path target, String kept) throws Exception {
    Path output = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                TestClassPath.get(),
                BigCheckpoint.class.getName(),
                model.toString(),
                target.toString(),
                kept)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      int status = process.waitFor();
      List<String> lines = Files.readAllLines(output);
      assertThat(status).as(() -> String.join("\n", lines)).isZero();
      return lines;
    } finally {
      process.destroyForcibly();
    }
  }
}
