package dev.tale.bench.gain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class GainTableTest {
  /** Four standard errors of a mean of 20 draws of 200 rows, and the half point. */
  private static final double NEAR = 0.05;

  @TempDir Path directory;

  @Test
  void partsStandBesideTheTruth() throws IOException {
    Path out = directory.resolve("gain.json");
    GainTable.run(20, Optional.empty(), out);
    JsonNode root = new ObjectMapper().readTree(out.toFile());
    assertThat(root.get("known")).hasSameSizeAs(GainTable.known().keySet());
    for (JsonNode known : root.get("known")) {
      for (String part : List.of("format", "bias", "rest")) {
        assertThat(known.at("/mean/" + part).asDouble())
            .as("%s %s", known.get("case"), part)
            .isCloseTo(known.at("/truth/" + part).asDouble(), within(NEAR));
      }
    }
    JsonNode contrary = root.at("/searches/1");
    assertThat(contrary.at("/parts/bias").asInt()).isGreaterThan(10);
    assertThat(contrary.at("/parts/rest").asInt()).isLessThan(5);
    assertThat(contrary.get("warnings").toString()).contains("not_better_than_free");
    JsonNode calibrated = root.at("/searches/2");
    assertThat(calibrated.get("best").asInt() - calibrated.get("baseline").asInt())
        .isLessThan(contrary.get("best").asInt() - contrary.get("baseline").asInt());
  }
}
