package dev.tale.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
        LayerScores.joint(List.of(scores("a", 0, 5, 1, 3, 3), scores("b", 0, 10, 40, 20, 30)), 1);
    assertThat(joint.values()).containsExactly(2.5, 2.5, 2.25, 2.75);
    assertThat(joint.measure()).isEqualTo("mean rank of (a; b)");
    assertThat(joint.leastFirst()).containsExactly(2, 0, 1, 3);
    assertThat(joint.layers().get(0).interval()).isEqualTo(new Interval(2.5, 2.5));
  }

  @Test
  void allTied_sharesOneRank() {
    LayerScores joint = LayerScores.joint(List.of(scores("a", 1, 7, 7, 7)), 1);
    assertThat(joint.values()).containsExactly(2, 2, 2);
    assertThat(joint.leastFirst()).containsExactly(0, 1, 2);
    assertThat(joint.layers().get(0).interval()).isEqualTo(new Interval(1, 3));
  }

  /** Layers 0 and 1 are within their error, layer 2 is far off. */
  @Test
  void intervalsFollowFromThoseOfTheValues() {
    LayerScores joint = LayerScores.joint(List.of(scores("a", 1, 1, 1.5, 100)), 1);
    assertThat(joint.layers().get(0).interval()).isEqualTo(new Interval(1, 2));
    assertThat(joint.layers().get(2).interval()).isEqualTo(new Interval(3, 3));
  }

  @Test
  void anyNumberOfMeasures() {
    LayerScores one = scores("a", 0.1, 3, 1, 2);
    assertThat(LayerScores.joint(List.of(one, one, one), 1).values())
        .containsExactly(new double[] {3, 1, 2}, within(1e-12));
  }

  @Test
  void badLists_areRefused() {
    assertThatThrownBy(() -> LayerScores.joint(List.of(), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LayerScorer.joint(List.of(), 1))
        .isInstanceOf(IllegalArgumentException.class);
    List<LayerScores> different = List.of(scores("a", 0, 1, 2), scores("b", 0, 1, 2, 3));
    assertThatThrownBy(() -> LayerScores.joint(different, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a scores 2 layers or parts, b scores 3");
  }
}
