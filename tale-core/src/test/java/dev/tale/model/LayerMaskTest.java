package dev.tale.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LayerMaskTest {

  @Property
  void orderOfRemovalDoesNotMatter(
      @ForAll @Size(max = 12) java.util.Set<@IntRange(max = 11) Integer> layers) {
    int[] ascending = layers.stream().mapToInt(i -> i).sorted().toArray();
    int[] descending =
        layers.stream().mapToInt(i -> i).map(i -> -i).sorted().map(i -> -i).toArray();
    LayerMask mask = LayerMask.of(12, ascending);
    assertThat(LayerMask.of(12, descending)).isEqualTo(mask).hasSameHashCodeAs(mask);
    assertThat(mask.removed()).containsExactlyInAnyOrderElementsOf(layers).isSorted();
    assertThat(mask.removedCount() + mask.kept().size()).isEqualTo(12);
    assertThat(mask.kept()).noneMatch(mask::removes);
  }

  @Test
  void removingLeavesTheOriginalAsItWas() {
    LayerMask mask = LayerMask.of(4, 1);
    assertThat(mask.remove(3)).isEqualTo(LayerMask.of(4, 1, 3)).isNotEqualTo(mask);
    assertThat(mask.removed()).containsExactly(1);
    assertThat(LayerMask.of(5, 1)).isNotEqualTo(mask);
    assertThat(mask).hasToString("4-[1]");
  }

  @Test
  void badIndicesAreRefused() {
    assertThatThrownBy(() -> LayerMask.none(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LayerMask.of(4, 4))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("Layer 4 is outside [0, 4)");
    assertThatThrownBy(() -> LayerMask.of(4, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> LayerMask.of(4, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Layer 2");
  }

  @Test
  void isSerializable() throws IOException, ClassNotFoundException {
    LayerMask mask = LayerMask.of(40, 3, 39);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(mask);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(mask);
    }
  }

  @Test
  void aRemovedLayerMayComeBack() {
    LayerMask mask = LayerMask.of(5, 1, 3);
    assertThat(mask.readmit(3)).isEqualTo(LayerMask.of(5, 1));
    assertThat(mask).isEqualTo(LayerMask.of(5, 1, 3));
    assertThatThrownBy(() -> mask.readmit(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Layer 2 is not removed by 5-[1, 3]");
    assertThatThrownBy(() -> mask.readmit(5)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
