package dev.tale.onnx.session.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.NanoSession;
import dev.tale.onnx.session.SessionPlan;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestPlanTest {

  @Test
  void choicesOfOneTokenShareASequence() {
    RequestPlan plan =
        RequestPlan.of(List.of(score(2, 7, 8, 1), score(1, 7, 9), score(2, 7, 8, 2)));
    assertThat(plan.sequences())
        .containsExactly(
            new Sequence(tokens(7, 8), List.of(new Probe(1, tokens(1, 2)))),
            new Sequence(tokens(7), List.of(new Probe(0, tokens(9)))));
    assertThat(plan.sequenceOf(2)).isZero();
  }

  @Test
  void everyTokenOfAContinuationIsReadAfterTheOneBefore() {
    RequestPlan plan = RequestPlan.of(List.of(score(1, 7, 8, 9)));
    assertThat(plan.sequences())
        .containsExactly(
            new Sequence(tokens(7, 8), List.of(new Probe(0, tokens(8)), new Probe(1, tokens(9)))));
  }

  @Test
  void aGenerationSharesItsPromptWithALikelihood() {
    TokenRequest generate = new TokenRequest.Generate(tokens(7, 8), List.of(), 4);
    RequestPlan plan = RequestPlan.of(List.of(score(2, 7, 8, 5), generate));
    assertThat(plan.sequences()).hasSize(1);
    assertThat(plan.sequences().get(0).probes())
        .containsExactly(new Probe(1, tokens(5, RequestPlan.ANY_TOKEN.get(0))));
    assertThat(plan.sequenceOf(1)).isZero();
  }

  @Test
  void layerForwardsAreDistinctTokensTimesSharedLayers() throws IOException {
    List<TokenRequest> requests =
        List.of(score(2, 7, 8, 1), score(2, 7, 8, 2), score(1, 7, 8, 9, 9));
    List<LayerMask> round =
        LayerMask.none(12).kept().stream().map(LayerMask.none(12)::remove).toList();
    try (GatedSession session = NanoSession.open()) {
      SessionPlan plan = session.plan();
      assertThat(plan.cost(requests, round).layerForwards()).isEqualTo((2 + 3) * 77L);
      assertThat(plan.cost(requests, List.of(LayerMask.none(12))).layerForwards())
          .isEqualTo(5 * 12L);
      assertThat(plan.cost(List.of(), round).layerForwards()).isZero();
      assertThat(plan.cost(requests, List.of()).layerForwards()).isZero();
      assertThat(plan.cost(requests, round).naiveLayerForwards()).isEqualTo((2 + 3) * 132L);
    }
  }

  @Test
  void aContinuationNeedsTokensOnBothSides() {
    assertThatThrownBy(() -> score(0, 7, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 of 2");
    assertThatThrownBy(() -> score(2, 7, 8)).isInstanceOf(IllegalArgumentException.class);
  }

  private static TokenRequest score(int from, long... tokens) {
    return new TokenRequest.Score(tokens(tokens), from);
  }

  private static ImmutableLongArray tokens(long... tokens) {
    return ImmutableLongArray.copyOf(tokens);
  }
}
