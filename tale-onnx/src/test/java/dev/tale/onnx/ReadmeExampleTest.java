package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.task.Example;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example is this code, and it runs. */
@Tag("slow")
class ReadmeExampleTest {
  @TempDir Path directory;

  record Review(String text, int label) {
    Example toExample() {
      return Example.multipleChoice(text, List.of("False", "True"), label);
    }
  }

  private static void example(Path modelDirectory, List<Review> reviews, Path out)
      throws IOException {
    // README
    try (OnnxModel model = OnnxModel.open(modelDirectory)) {
      Task task = Task.multipleChoice("reviews", reviews, Review::toExample);
      PruneResult result =
          Tale.pruner().heldOut(task.slice(100, 200)).prune(model, task.slice(0, 100));
      System.out.println(result); // baseline, BEST, BSBA, FINAL on held-out rows, with intervals
      result.best().export(out); // the smaller model, verified, with its tokenizer and config
    }
    // README
  }

  @Test
  void runs() throws IOException {
    List<Review> reviews =
        BooleanExpressions.rows(4, 200, 5).stream()
            .map(r -> new Review("Q: " + r.input() + "\nA:", r.target().equals("True") ? 1 : 0))
            .toList();
    Path out = directory.resolve("pruned");
    example(NanoLlama.directory(), reviews, out);
    assertThat(out.resolve("model.onnx")).exists();
  }

  @Test
  void isTheReadmes() throws IOException {
    String source = Files.readString(Path.of("src/test/java/dev/tale/onnx/ReadmeExampleTest.java"));
    String marker = "    // README\n";
    int start = source.indexOf(marker) + marker.length();
    String code = source.substring(start, source.indexOf(marker, start)).indent(-4).strip();
    assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + code + "\n```");
  }
}
