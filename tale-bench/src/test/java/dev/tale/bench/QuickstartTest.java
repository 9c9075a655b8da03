package dev.tale.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
  @TempDir Path directory;

  @Test
  @Tag("slow")
  void writesTheResultAndThePrunedModel() throws IOException {
    Path out = directory.resolve("new/quickstart");
    Quickstart.run(out);
    requireResult(out);
    interruptDuringExport(out);
    Quickstart.run(out);
    requireResult(out);
    assertThat(out.resolve(".pruned.tale-1")).doesNotExist();
    assertThat(out.resolve("report/index.html")).exists();
    assertThat(QuickstartRerun.run(out.resolve("pruned"), directory.resolve("again"))).isTrue();
    assertThat(directory.resolve("again/index.html")).exists();
  }

  /** What is there when the process is killed before the result is written. */
  private static void interruptDuringExport(Path out) throws IOException {
    Files.delete(out.resolve("result.json"));
    Files.createDirectory(out.resolve(".pruned.tale-1"));
    Files.writeString(out.resolve(".pruned.tale-1/model.onnx"), "half");
  }

  private static void requireResult(Path out) throws IOException {
    JsonNode json = new ObjectMapper().readTree(out.resolve("result.json").toFile());
    for (String entry : List.of("baseline", "best", "bsba", "final")) {
      JsonNode score = json.get(entry);
      assertThat(score.get("removedLayers").isArray()).as(entry).isTrue();
      assertThat(score.get("total").asInt()).as(entry).isGreaterThanOrEqualTo(500);
      assertThat(score.get("heldOut").get("total").asInt()).as(entry).isGreaterThanOrEqualTo(500);
    }
    assertThat(json.get("evaluations").asInt()).isGreaterThan(12);
    assertThat(json.get("layerForwards").asLong()).isPositive();
    assertThat(json.get("seconds").asDouble()).isBetween(0.0, 120.0);
    assertThat(json.get("excision").get("maxAbsLogitDifference").asDouble()).isLessThan(1e-4);
    assertThat(out.resolve("pruned/model.onnx")).exists();
    assertThat(out.resolve("pruned/tokenizer.json")).exists();
  }

  @Test
  void aDirectoryWithContentIsRefusedAndLeftAlone() throws IOException {
    Files.writeString(directory.resolve("precious.txt"), "notes");
    assertThatThrownBy(() -> Quickstart.run(directory))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("precious.txt")
        .hasMessageContaining("new or empty directory");
    assertThat(directory).isDirectoryNotContaining("glob:**result.json");
  }

  @Test
  @Tag("nightly")
  void fiftyKillsLeaveTheSameResult() throws IOException, InterruptedException {
    assertThat(new QuickstartKills(directory.resolve("kills"), 100, 1).run(50)).isTrue();
  }
}
