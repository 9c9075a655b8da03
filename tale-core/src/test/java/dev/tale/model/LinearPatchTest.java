package dev.tale.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinearPatchTest {
  @Test
  void apply_addsTheProduct() {
    LinearPatch patch = LinearPatch.of(1, 2, new float[] {1, 2, 3, 4});
    assertThat(patch.apply(new float[] {1, 0, 10, 100}))
        .containsExactly(1 + 1, 0 + 2, 10 + 10 + 300, 100 + 20 + 400);
    assertThatThrownBy(() -> patch.apply(new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 elements");
  }

  @Test
  void spans_areAsLongAsTheyCanBe() {
    assertThat(LinearPatch.spans(LayerMask.of(9, 0, 2, 3, 4, 8)))
        .containsExactly(new int[] {0, 0}, new int[] {2, 4}, new int[] {8, 8});
    assertThat(LinearPatch.spans(LayerMask.none(3))).isEmpty();
  }

  @Test
  void mapsStandForWholeSpans() {
    LayerMask mask = LayerMask.of(9, 2, 3, 5);
    LinearPatch whole = LinearPatch.of(2, 3, new float[1]);
    LinearPatch.requireSpansOf(mask, List.of(LinearPatch.of(5, 5, new float[1]), whole));
    for (List<LinearPatch> wrong :
        List.of(List.of(LinearPatch.of(2, 2, new float[1])), List.of(whole, whole))) {
      assertThatThrownBy(() -> LinearPatch.requireSpansOf(mask, wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the map of width 1 for layers 2 to");
    }
  }

  @Test
  void badMatricesAreRefused() {
    assertThatThrownBy(() -> LinearPatch.of(2, 1, new float[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layers 2 to 1");
    assertThatThrownBy(() -> LinearPatch.of(1, 2, new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 elements");
    assertThatThrownBy(() -> LinearPatch.of(1, 2, new float[] {0, 0, Float.NaN, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Element 2 of the matrix is NaN");
  }

  @Test
  void theMatrixIsCopied() {
    float[] matrix = new float[4];
    LinearPatch patch = LinearPatch.of(0, 0, matrix);
    matrix[0] = 1;
    patch.matrix()[1] = 1;
    assertThat(patch.isZero()).isTrue();
    assertThat(patch).isEqualTo(LinearPatch.of(0, 0, new float[4]));
  }
}
