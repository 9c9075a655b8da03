package dev.tale.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.estimate.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JointRankTest {

  private static LayerScores scores(String measure, double error, double... values) {
    List<LayerScore> layers = new ArrayList<>();
    for (double value : values) {
      layers.add(new LayerScore(layers.size(), value, new Interval(value - error, value + error)));
    }
    return new LayerScores(measure, "bit", layers);
  }

  @Test
  void isTheMeanRank_tiesSharing() {
    LayerScores joint =
        LayerScores.joint(List.of(scores("a", 0, 5, 1, 3, 3), scores("b", 0, 10, 40, 20, 30)));
    assertThat(joint.values()).containsExactly(2.5, 2.5, 2.25, 2.75);
    assertThat(joint.measure()).isEqualTo("mean rank of (a; b)");
    assertThat(joint.leastFirst()).containsExactly(2, 0, 1, 3);
    assertThat(joint.layers().get(0).interval()).isEqualTo(new Interval(2.5, 2.5));
    assertThat(joint.layers().get(2).interval()).isEqualTo(new Interval(2, 2.5));
  }

  @Test
  void allTied_sharesOneRank() {
    LayerScores joint = LayerScores.joint(List.of(scores("a", 1, 7, 7, 7)));
    assertThat(joint.values()).containsExactly(2, 2, 2);
    assertThat(joint.leastFirst()).containsExactly(0, 1, 2);
    assertThat(joint.layers().get(0).interval()).isEqualTo(new Interval(1, 3));
  }

  /** Layers 0 and 1 are within their error, layer 2 is far off. */
  @Test
  void intervalsFollowFromThoseOfTheValues() {
    LayerScores joint = LayerScores.joint(List.of(scores("a", 1, 1, 1.5, 100)));
    assertThat(joint.layers().get(0).interval()).isEqualTo(new Interval(1, 2));
    assertThat(joint.layers().get(2).interval()).isEqualTo(new Interval(3, 3));
  }

  /**
   * Of 3 layers by 1 measure, each interval is to hold at 1 - 0.05 / 3: 2.394 standard errors
   * instead of 1.960, so that the values of layers 0 and 1 must be 2.4428 apart, not 2.
   */
  @Test
  void intervalsHoldTogether() {
    assertThat(joint(0, 2.44, 100).layers().get(0).interval()).isEqualTo(new Interval(1, 2));
    assertThat(joint(0, 2.45, 100).layers().get(0).interval()).isEqualTo(new Interval(1, 1));
  }

  private static LayerScores joint(double... values) {
    return LayerScores.joint(List.of(scores("a", 1, values)));
  }

  /** The first by the estimates need not be the first, nor the last the last. */
  @Test
  void aSecondMeasureThatSaysOtherwise_movesBothBounds() {
    LayerScores joint =
        LayerScores.joint(List.of(scores("a", 9, 1, 2, 3, 4), scores("b", 0, 4, 3, 2, 1)));
    assertThat(joint.values()).containsExactly(2.5, 2.5, 2.5, 2.5);
    assertThat(joint.layers().get(0).interval()).isEqualTo(new Interval(2.5, 4));
    assertThat(joint.layers().get(3).interval()).isEqualTo(new Interval(1, 2.5));
    assertThat(joint.layers().get(1).interval()).isEqualTo(new Interval(2, 3.5));
  }

  /**
   * Twelve layers that are nearly as good as each other, the errors of neighbours against each
   * other. Intervals of ranks of redrawn estimates hold all true ranks in 0, 115 and 286 of 300,
   * and where layers are nearly tied that of the first in 30.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.5, 2})
  void ranksOfAllLayersAreHeldTogether(double apart) {
    int held = 0;
    for (int seed = 0; seed < 300; seed++) {
      List<LayerScores> measures = List.of(estimated(seed, apart), estimated(seed + 1000, apart));
      held +=
          LayerScores.joint(measures).layers().stream()
                  .allMatch(score -> score.interval().contains(1 + score.layer()))
              ? 1
              : 0;
    }
    assertThat(held).isGreaterThan(285);
  }

  /** Differences of a walk, as those of information across a layer are; of true rank 1 + layer. */
  private static LayerScores estimated(long seed, double apart) {
    Random random = new Random(seed);
    List<LayerScore> layers = new ArrayList<>();
    double before = random.nextGaussian();
    for (int layer = 0; layer < 12; layer++) {
      double after = random.nextGaussian();
      double value = layer * apart + (after - before) / Math.sqrt(2);
      layers.add(new LayerScore(layer, value, new Interval(value - 1.96, value + 1.96)));
      before = after;
    }
    return new LayerScores("seed " + seed, "bit", layers);
  }

  /** Layers that are far apart have one rank each. */
  @Test
  void farApart_isCertain() {
    assertThat(LayerScores.joint(List.of(estimated(1, 20))).layers())
        .allSatisfy(
            score ->
                assertThat(score.interval())
                    .isEqualTo(new Interval(1 + score.layer(), 1 + score.layer())));
  }

  @Test
  void anyNumberOfMeasures() {
    LayerScores one = scores("a", 0.1, 3, 1, 2);
    assertThat(LayerScores.joint(List.of(one, one, one)).values())
        .containsExactly(new double[] {3, 1, 2}, within(1e-12));
  }

  @Test
  void badLists_areRefused() {
    assertThatThrownBy(() -> LayerScores.joint(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LayerScorer.joint(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    List<LayerScores> different = List.of(scores("a", 0, 1, 2), scores("b", 0, 1, 2, 3));
    assertThatThrownBy(() -> LayerScores.joint(different))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a scores 2 layers or parts, b scores 3");
  }
}
