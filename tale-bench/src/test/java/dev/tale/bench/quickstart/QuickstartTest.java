package dev.tale.bench.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.bench.Main;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
  /** Rows to choose by, and as many held out. */
  private static final int FEW = 60;

  @TempDir Path directory;

  @Test
  @Tag("slow")
  void writesTheResultAndThePrunedModel() throws IOException {
    Path out = directory.resolve("new/quickstart");
    Quickstart.run(out, FEW);
    requireResult(out, FEW);
    interruptDuringExport(out);
    Quickstart.run(out, FEW);
    requireResult(out, FEW);
    assertThat(out.resolve(".pruned.tale-1")).doesNotExist();
    assertThat(out.resolve("report/index.html")).exists();
    Path again = directory.resolve("again");
    assertThat(QuickstartRerun.run(out.resolve("pruned"), again, FEW)).isTrue();
    assertThat(again.resolve("index.html")).exists();
  }

  /** The counts are those of the table in README.md. */
  @Test
  @Tag("nightly")
  void theWholeGivesTheCountsThatAreDocumented() throws IOException {
    Path out = directory.resolve("quickstart");
    Quickstart.run(out);
    JsonNode json = requireResult(out, Quickstart.ROWS);
    assertThat(json.at("/baseline/correct").asInt()).isEqualTo(301);
    assertThat(json.at("/baseline/heldOut/correct").asInt()).isEqualTo(328);
    assertThat(json.at("/best/correct").asInt()).isEqualTo(320);
    assertThat(json.at("/best/heldOut/correct").asInt()).isEqualTo(311);
    assertThat(QuickstartRerun.run(out.resolve("pruned"), directory.resolve("again"))).isTrue();
  }

  /** What is there when the process is killed before the result is written. */
  private static void interruptDuringExport(Path out) throws IOException {
    Files.delete(out.resolve("result.json"));
    Files.createDirectory(out.resolve(".pruned.tale-1"));
    Files.writeString(out.resolve(".pruned.tale-1/model.onnx"), "half");
  }

  private static JsonNode requireResult(Path out, int rows) throws IOException {
    JsonNode json = new ObjectMapper().readTree(out.resolve("result.json").toFile());
    for (String entry : List.of("baseline", "best", "bsba", "final")) {
      JsonNode score = json.get(entry);
      assertThat(score.get("removedLayers").isArray()).as(entry).isTrue();
      assertThat(score.get("total").asInt()).as(entry).isEqualTo(rows);
      assertThat(score.get("heldOut").get("total").asInt()).as(entry).isEqualTo(rows);
    }
    assertThat(json.get("evaluations").asInt()).isGreaterThan(12);
    assertThat(json.get("layerForwards").asLong()).isPositive();
    assertThat(json.get("seconds").asDouble()).isBetween(0.0, 120.0);
    assertThat(json.get("excision").get("maxAbsLogitDifference").asDouble()).isLessThan(1e-4);
    assertThat(out.resolve("pruned/model.onnx")).exists();
    assertThat(out.resolve("pruned/tokenizer.json")).exists();
    return json;
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
    assertThat(new QuickstartKills(Main.class, directory.resolve("kills"), 100, 1).run(50))
        .isTrue();
  }
}
