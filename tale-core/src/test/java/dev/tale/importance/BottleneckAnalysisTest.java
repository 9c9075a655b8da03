package dev.tale.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.importance.InformationProfile.Bottleneck;
import dev.tale.information.InformationEstimator;
import dev.tale.model.LayerMask;
import dev.tale.task.Task;
import dev.tale.testing.ResidualModel;
import org.junit.jupiter.api.Test;

class BottleneckAnalysisTest {
  private static final Task TASK = Streams.task(400);
  private static final InformationEstimator PROBE = InformationEstimator.crossValidatedProbe(5, 1);

  private static BottleneckAnalysis analysis(int... removed) {
    LayerMask mask = LayerMask.of(5, removed);
    return BottleneckAnalysis.of(PROBE, Streams.bottleneck(TASK), TASK, mask, 1);
  }

  @Test
  void bottleneckIsNamed_andGoneWithoutTheLayer() {
    BottleneckAnalysis analysis = analysis(3);
    assertThat(analysis.full().bottlenecks()).extracting(Bottleneck::layer).containsExactly(3);
    assertThat(analysis.full().bottlenecks().get(0).interval().high()).isNegative();
    assertThat(analysis.pruned().bottlenecks()).isEmpty();
  }

  @Test
  void informationIsByBoundary_beforeAndAfter() {
    BottleneckAnalysis analysis = analysis(3);
    double known = ScriptedRows.information(3);
    assertThat(analysis.full().labelEntropy()).isCloseTo(1, within(1e-12));
    assertThat(analysis.full().boundaries()).hasSize(6);
    assertThat(bits(analysis.full(), 0)).isCloseTo(0, within(0.05));
    assertThat(bits(analysis.full(), 2)).isCloseTo(known, within(0.1));
    assertThat(bits(analysis.full(), 5)).isLessThan(known / 2);
    assertThat(bits(analysis.pruned(), 5)).isCloseTo(known, within(0.1));
    assertThat(bits(analysis.pruned(), 4)).isEqualTo(bits(analysis.pruned(), 3));
  }

  private static double bits(InformationProfile profile, int boundary) {
    return profile.boundaries().get(boundary).bits();
  }

  @Test
  void noise_isNoBottleneck() {
    Task task = Streams.task(120);
    InformationProfile profile =
        InformationProfile.of(
            PROBE,
            new ResidualModel(8, (row, layer) -> Streams.noise(6, 9, row, layer), task),
            task,
            LayerMask.none(8),
            1);
    assertThat(profile.bottlenecks()).isEmpty();
  }

  @Test
  void jsonHoldsBothProfiles() throws Exception {
    BottleneckAnalysis analysis = analysis(3, 4);
    JsonNode root = new ObjectMapper().readTree(analysis.toJson());
    assertThat(root.get("format").asInt()).isEqualTo(1);
    assertThat(root.get("estimator").asText()).isEqualTo(PROBE.toString());
    assertThat(root.get("rows").asInt()).isEqualTo(400);
    assertThat(root.get("labels").asInt()).isEqualTo(2);
    assertThat(root.at("/pruned/removed").toString()).isEqualTo("[3,4]");
    assertThat(root.at("/full/removed").toString()).isEqualTo("[]");
    assertThat(root.at("/full/boundaries/2/bits").asDouble()).isEqualTo(bits(analysis.full(), 2));
    assertThat(root.at("/full/boundaries/2/interval95/1").asDouble())
        .isEqualTo(analysis.full().boundaries().get(2).interval().high());
    assertThat(root.at("/full/bottlenecks/0/layer").asInt()).isEqualTo(3);
    assertThat(root.at("/full/bottlenecks/0/interval95OfAll/1").asDouble()).isNegative();
    assertThat(analysis(3, 4).toJson()).isEqualTo(analysis.toJson());
  }
}
