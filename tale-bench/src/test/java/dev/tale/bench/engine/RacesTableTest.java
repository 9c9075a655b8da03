package dev.tale.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.onnx.nano.NanoTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RacesTableTest {
  @TempDir Path directory;

  @Test
  @Tag("nightly")
  void racesEveryTaskThatTheModelCanDo() throws IOException {
    Path out = directory.resolve("races.json");
    RacesTable.run(100, 2, out);
    JsonNode table = new ObjectMapper().readTree(out.toFile());
    assertThat(table)
        .extracting(row -> row.get("task").asText())
        .containsExactlyElementsOf(
            Arrays.stream(NanoTask.values()).map(NanoTask::toString).toList());
    for (JsonNode row : table) {
      assertThat(row.get("rows").asInt()).isEqualTo(100);
      boolean better = row.get("baseline").asDouble() > row.get("commonestAnswer").asDouble();
      assertThat(row.has("races") && !better).as("%s", row).isFalse();
      assertThat(row.has("races") || !row.get("inDistribution").asBoolean()).isTrue();
      row.path("races").forEach(RacesTableTest::requireRace);
    }
  }

  private static void requireRace(JsonNode race) {
    assertThat(race.get("evaluationsShare").asDouble()).isBetween(0.01, 1.0);
    if (race.get("rule").asText().equals("exact")) {
      assertThat(race.get("racesNotWonByTheBest").asInt()).isZero();
      assertThat(race.get("largestLoss").asDouble()).isZero();
    }
  }
}
