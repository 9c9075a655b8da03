package dev.tale.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.model.Response.Stop;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkTest {
  private static final LayerMask ALL = LayerMask.none(4);
  private static final LayerMask ONE_LESS = LayerMask.of(4, 2);

  @Test
  void ofGenerated_tokensThatWereFed_countForEveryLayerThatIsKept() {
    Response fiveOfLength = new Response.Generation("", 5, Stop.LENGTH);
    Response threeThenEnd = new Response.Generation("", 3, Stop.END_OF_SEQUENCE);
    Response score = new Response.LogLikelihood(-1, 9, false);
    assertThat(UnitWork.ofGenerated(List.of(ALL), List.of(List.of(fiveOfLength, score))))
        .isEqualTo(4 * 4);
    assertThat(
            UnitWork.ofGenerated(
                List.of(ALL, ONE_LESS), List.of(List.of(fiveOfLength), List.of(threeThenEnd))))
        .isEqualTo(4 * 4 + 3 * 3);
  }

  @Test
  void ofGenerated_endAtOnce_costsNothingButThePrompt() {
    assertThat(
            UnitWork.ofGenerated(
                List.of(ALL),
                List.of(List.of(new Response.Generation("", 0, Stop.END_OF_SEQUENCE)))))
        .isZero();
    assertThat(
            UnitWork.ofGenerated(
                List.of(ALL), List.of(List.of(new Response.Generation("x", 1, Stop.STOP_STRING)))))
        .isZero();
  }
}
