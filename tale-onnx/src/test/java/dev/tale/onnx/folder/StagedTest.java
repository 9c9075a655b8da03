package dev.tale.onnx.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.onnx.graph.TestModels;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedTest {
  @TempDir private Path directory;

  @Test
  void beside_sweepsWhatAKilledExportLeft() throws Exception {
    Path target = directory.resolve("pruned");
    Process killed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(
                    File.pathSeparator,
                    Path.of("target", "test-classes").toAbsolutePath().toString(),
                    System.getProperty("jdk.module.path", ""),
                    System.getProperty("java.class.path")),
                HaltedExport.class.getName(),
                TestModels.QWEN2.file().toString(),
                target.toString())
            .inheritIO()
            .start();
    assertThat(killed.waitFor()).isEqualTo(9);
    assertThat(names()).hasSize(2).allMatch(name -> name.startsWith(".pruned.tale-"));
    Path other = Files.createDirectory(directory.resolve(".pruned.tale-by-someone-else"));
    try (Staged staged = Staged.beside(target)) {
      assertThat(staged.directory()).isEmptyDirectory();
      assertThat(names()).hasSize(3).contains(other.getFileName().toString());
      staged.commit();
    }
    assertThat(names()).containsExactly(other.getFileName().toString(), "pruned");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
