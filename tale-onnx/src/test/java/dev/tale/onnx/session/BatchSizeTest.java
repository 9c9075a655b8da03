package dev.tale.onnx.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchSizeTest {
  private final BatchSize size = new BatchSize(16);

  @Test
  void aFailureHalvesWhatFailed() {
    size.failed(16);
    assertThat(size.now()).isEqualTo(8);
    size.failed(5);
    assertThat(size.now()).isEqualTo(3);
    size.failed(1);
    assertThat(size.now()).isEqualTo(1);
    assertThat(size.configured()).isEqualTo(16);
  }

  @Test
  void aSmallerBatchThatFailsLaterDoesNotRaiseIt() {
    size.failed(4);
    size.failed(16);
    assertThat(size.now()).isEqualTo(2);
  }

  @Test
  void successRestoresItStepByStep() {
    size.failed(8);
    succeed(BatchSize.PATIENCE - 1);
    assertThat(size.now()).isEqualTo(4);
    succeed(1);
    assertThat(size.now()).isEqualTo(8);
    succeed(10 * BatchSize.PATIENCE);
    assertThat(size.now()).isEqualTo(16);
  }

  private void succeed(int times) {
    IntStream.range(0, times).forEach(i -> size.succeeded());
  }
}
