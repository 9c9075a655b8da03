package dev.tale.onnx.session.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.onnx.session.batch.PaddedBatch;
import dev.tale.onnx.session.batch.Sequence;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {

  /** One sequence for each vector, under one mask. */
  private static Embeddings of(float[]... vectors) {
    List<Sequence> sequences =
        IntStream.range(0, vectors.length)
            .mapToObj(i -> new Sequence(ImmutableLongArray.of(i), List.of()))
            .toList();
    PaddedBatch batch =
        PaddedBatch.whole(sequences, IntStream.range(0, vectors.length).boxed().toList());
    Embeddings embeddings = new Embeddings(1, vectors.length);
    embeddings.put(0, batch, vectors);
    return embeddings;
  }

  @Test
  void cosine_isOfTheAngleAlone() {
    Embeddings embeddings = of(new float[] {3, 4}, new float[] {30, 40}, new float[] {-4, 3});
    assertThat(embeddings.cosine(0, 0, 1)).isCloseTo(1, within(1e-15));
    assertThat(embeddings.cosine(0, 0, 2)).isZero();
    assertThat(embeddings.cosine(0, 1, 2)).isZero();
  }

  @Test
  void cosine_ofEqualAndOppositeVectors_isExact() {
    float[] vector = {0.1f, -0.2f, 0.7f};
    Embeddings embeddings = of(vector, vector.clone(), new float[] {-0.1f, 0.2f, -0.7f});
    assertThat(embeddings.cosine(0, 0, 1)).isEqualTo(1);
    assertThat(embeddings.cosine(0, 0, 2)).isEqualTo(-1);
  }

  @Test
  void cosine_ofWhatHasNoDirection_isNotANumber() {
    Embeddings embeddings =
        of(
            new float[] {1, 2},
            new float[] {0, 0},
            new float[] {1, Float.NaN},
            new float[] {Float.POSITIVE_INFINITY, 1});
    for (int other = 1; other < 4; other++) {
      assertThat(embeddings.cosine(0, 0, other)).as("%d", other).isNaN();
    }
  }

  @Test
  void pooling_seesOnlyItsOwnTokens() {
    float[] hidden = {9, 9, /* text: */ 1, 2, 3, 6, /* padding: */ 100, 100};
    assertThat(Pooling.MEAN.pool(hidden, 2, 2, 2)).containsExactly(2, 4);
    assertThat(Pooling.CLS.pool(hidden, 2, 2, 2)).containsExactly(1, 2);
  }
}
