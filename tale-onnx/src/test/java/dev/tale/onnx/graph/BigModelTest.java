package dev.tale.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tale.onnx.testing.TestClassPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A model of real size, opened, gated and excised on a small heap. */
@Tag("slow")
@EnabledOnOs({OS.LINUX, OS.MAC})
class BigModelTest {
  @TempDir private Path directory;

  @Test
  void realSize_isUnderstoodAndGated() throws Exception {
    BigLlama.write(directory);
    assertThat(Files.size(directory.resolve("model.onnx.data"))).isGreaterThan(16_000_000_000L);
    assertThat(run("512m", "3,7,11,20,30", BigModelRun.PLAN))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("open ").endsWith("32 layers, 229 weights"),
            line -> assertThat(line).startsWith("gate "),
            line -> assertThat(line).startsWith("plan ").endsWith("194 weights"));
  }

  /**
   * One layer, from more than 4 GB into the file, of half a gigabyte, passes by a heap of 64 MB.
   */
  @Test
  void weights_doNotPassThroughTheHeap() throws Exception {
    BigLlama.write(directory, 1024);
    Path target = directory.resolveSibling(directory.getFileName() + "-pruned");
    try {
      List<String> removed = IntStream.range(0, 31).mapToObj(String::valueOf).toList();
      assertThat(run("64m", String.join(",", removed), target.toString())).hasSize(4);
      assertThat(Files.size(target.resolve("model.onnx.data"))).isGreaterThan(450_000_000);
      OnnxGraph pruned = OnnxGraph.read(target.resolve("model.onnx"));
      assertThat(pruned.external()).hasSize(12);
      assertMarks(
          target.resolve("model.onnx.data"),
          pruned,
          Map.of("layers.0.", "layers.31.", "layers.1.", "layers.32."));
    } finally {
      MoreFiles.deleteRecursively(target, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** 1.8 GB in one file, 1.4 GB of it written, on the same heap. */
  @Test
  @Tag("nightly")
  void weightsOfOneFile_doNotPassThroughTheHeap() throws Exception {
    BigLlama.writeOneFile(directory);
    assertThat(Files.size(directory.resolve("model.onnx"))).isGreaterThan(1_790_000_000L);
    Path target = directory.resolveSibling(directory.getFileName() + "-pruned");
    try {
      assertThat(run("64m", "1", target.toString())).hasSize(4);
      OnnxGraph pruned = OnnxGraph.read(target.resolve("model.onnx"));
      assertThat(pruned.bytes()).isGreaterThan(1_350_000_000);
      assertThat(pruned.external().values()).allMatch(ExternalRange::isInline);
      assertMarks(
          target.resolve("model.onnx"),
          pruned,
          Map.of("layers.1.", "layers.2.", "layers.2.", "layers.3.", "layers.3.", "layers.4."));
    } finally {
      MoreFiles.deleteRecursively(target, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  @Test
  @Tag("nightly")
  void realSize_isExcised() throws Exception {
    assumeTrue(Files.getFileStore(directory).getUsableSpace() > 20_000_000_000L, "20 GB free");
    Path model = Files.createDirectory(directory.resolve("model"));
    BigLlama.write(model);
    Path target = directory.resolve("pruned");
    assertThat(run(model, "512m", "0,31", target.toString())).hasSize(4);
    assertThat(OnnxGraph.read(target.resolve("model.onnx")).external()).hasSize(215);
  }

  /** Each weight begins with the mark of the one that it was. */
  private static void assertMarks(Path file, OnnxGraph pruned, Map<String, String> originals)
      throws IOException {
    try (FileChannel data = FileChannel.open(file)) {
      for (Map.Entry<String, ExternalRange> weight : pruned.external().entrySet()) {
        String name = weight.getKey();
        String original =
            originals.entrySet().stream()
                .filter(layer -> name.contains(layer.getKey()))
                .map(layer -> name.replace(layer.getKey(), layer.getValue()))
                .findFirst()
                .orElse(name);
        ByteBuffer mark = ByteBuffer.allocate(Integer.BYTES);
        data.read(mark, weight.getValue().offset());
        assertThat(mark.getInt(0)).as(name).isEqualTo(BigLlama.mark(original));
      }
    }
  }

  private List<String> run(String heap, String removed, String target) throws Exception {
    return run(directory, heap, removed, target);
  }

  private List<String> run(Path model, String heap, String removed, String target)
      throws Exception {
    Path output = Files.createTempFile("big", ".txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-cp",
                TestClassPath.get(),
                BigModelRun.class.getName(),
                model.toString(),
                removed,
                target)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      int status = process.waitFor();
      List<String> lines = Files.readAllLines(output);
      assertThat(status).as(() -> String.join("\n", lines)).isZero();
      lines.forEach(System.out::println);
      return lines;
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
