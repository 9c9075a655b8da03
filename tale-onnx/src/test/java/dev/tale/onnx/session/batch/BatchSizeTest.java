package dev.tale.onnx.session.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchSizeTest {
  private static final int WHOLE = 16;
  private static final Group.Most MOST = new Group.Most(WHOLE, 1000);

  private final BatchSize size = new BatchSize();

  @Test
  void aFailureHalvesWhatFailed() {
    size.failed(group(16));
    assertThat(now()).isEqualTo(8);
    size.failed(group(5));
    assertThat(now()).isEqualTo(3);
    size.failed(group(1));
    assertThat(now()).isEqualTo(1);
  }

  @Test
  void aSmallerBatchThatFailsLaterDoesNotRaiseIt() {
    size.failed(group(4));
    size.failed(group(16));
    assertThat(now()).isEqualTo(2);
  }

  @Test
  void batchesOfWhichMoreRowsMayBeAreHalvedInTheirOwnMeasure() {
    for (int most = 1; most < 500; most++) {
      for (int failed = 1; failed <= most; failed++) {
        BatchSize scaled = new BatchSize();
        scaled.failed(group(new Group.Most(most, 1000), failed));
        assertThat(scaled.now().sequences(most))
            .as("%d of %d", failed, most)
            .isEqualTo((failed + 1) / 2);
      }
    }
    size.failed(group(new Group.Most(64, 1000), 64));
    assertThat(now()).as("whole rows").isEqualTo(8);
  }

  @Test
  void aGroupOfSeveralIsHalvedAndItsBatchesStay() {
    size.failed(group(MOST, 10, 10, 20));
    assertThat(size.now().cachedTokens(1000)).as("of 40 rows of 5 tokens").isEqualTo(100);
    assertThat(now()).isEqualTo(WHOLE);
    size.failed(group(MOST, 10, 20));
    assertThat(size.now().cachedTokens(1000)).isEqualTo(75);
  }

  @Test
  void successRestoresItStepByStep() {
    size.failed(group(8));
    size.failed(group(MOST, 10, 10));
    succeed(BatchSize.PATIENCE - 1);
    assertThat(now()).isEqualTo(4);
    succeed(1);
    assertThat(now()).isEqualTo(8);
    assertThat(size.now().cachedTokens(1000)).isEqualTo(100);
    succeed(10 * BatchSize.PATIENCE);
    assertThat(size.now()).isEqualTo(BatchSize.Shares.ALL);
  }

  private int now() {
    return size.now().sequences(WHOLE);
  }

  private void succeed(int times) {
    IntStream.range(0, times).forEach(i -> size.succeeded());
  }

  private static Group group(int rows) {
    return group(MOST, rows);
  }

  /** Batches of so many rows of 5 tokens. */
  private static Group group(Group.Most most, int... rows) {
    Sequence sequence = new Sequence(ImmutableLongArray.of(1, 2, 3, 4, 5), List.of());
    return new Group(
        IntStream.of(rows)
            .mapToObj(count -> new PaddedBatch(List.of(sequence), Collections.nCopies(count, 0), 3))
            .toList(),
        most);
  }
}
