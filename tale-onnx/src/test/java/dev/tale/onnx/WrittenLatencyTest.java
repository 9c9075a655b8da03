package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.HiddenStates;
import dev.tale.model.LatencyMeter.Latencies;
import dev.tale.model.LatencyMeter.Times;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.Timing;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.OutputComparison;
import dev.tale.onnx.session.decode.TokenChoice;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class WrittenLatencyTest {
  private static final List<LayerMask> MASKS =
      List.of(
          LayerMask.none(12),
          LayerMask.of(12, 3),
          LayerMask.of(12, 3, 7),
          LayerMask.of(12, 3, 7, 8));
  private static final Timing SHORT = new Timing(1, 1, 6, Duration.ofSeconds(20));

  /** Models that do not fit into memory together are each timed beside the baseline. */
  @Test
  void groupsAreTimedWithTheBaselineInEach() throws IOException {
    Latencies together = measure(1L << 40);
    assertThat(together.models()).extracting(Times::mask).isEqualTo(MASKS);
    List<Long> baseline = together.models().get(0).nanos();
    assertThat(together.models()).extracting(Times::baselineNanos).containsOnly(baseline);
    Latencies apart = measure(1);
    assertThat(apart.models()).extracting(Times::mask).isEqualTo(MASKS);
    assertThat(apart.models().subList(1, 4))
        .extracting(Times::baselineNanos)
        .doesNotHaveDuplicates();
    assertThat(apart.models())
        .extracting(Times::bytes)
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(apart.models())
        .extracting(Times::bytes)
        .isEqualTo(together.models().stream().map(Times::bytes).toList());
  }

  @Test
  void aModelThatThereIsNoMemoryForIsNotLoaded() {
    assertThatThrownBy(() -> measure(1, () -> 1000))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("bytes of memory, and 1,000 are available", "free some");
  }

  @Test
  void theKernelTellsWhatIsAvailable() {
    List<String> lines =
        List.of("MemTotal:       32780 kB", "MemFree:   12 kB", "MemAvailable:   20123 kB");
    assertThat(AvailableMemory.linux(lines, 7)).isEqualTo(20123L * 1024);
    assertThat(AvailableMemory.linux(List.of(), 7)).isEqualTo(7);
    assertThat(AvailableMemory.bytes()).isPositive();
  }

  private static Latencies measure(long loadedBytes) throws IOException {
    return measure(loadedBytes, AvailableMemory::bytes);
  }

  private static Latencies measure(long loadedBytes, LongSupplier memory) throws IOException {
    return new WrittenLatency(
            ModelDirectory.open(NanoLlama.directory()), SessionConfig.cpu(1), new Prompts(), memory)
        .measure(MASKS, List.of(new Request.LogLikelihood("a", " b")), SHORT, loadedBytes);
  }

  /** Only the prompts are asked for. */
  private static final class Prompts implements Answers {

    @Override
    public Response.Generation generate(
        Request.Generation request, LayerMask mask, TokenChoice choice, Consumer<String> listener) {
      throw new AssertionError("nothing is generated");
    }

    @Override
    public List<ImmutableLongArray> prompts(List<Request> requests) {
      return List.of(ImmutableLongArray.of(1, 5, 6), ImmutableLongArray.of(1, 7));
    }

    @Override
    public Answer answer(Batch batch) {
      throw new AssertionError();
    }

    @Override
    public List<List<Response>> respondScaled(
        List<Request> requests, List<ImmutableDoubleArray> gates) {
      throw new AssertionError();
    }

    @Override
    public Optional<StatesEverywhere> statesEverywhere() {
      return Optional.empty();
    }

    @Override
    public Optional<HiddenStates> hiddenStates() {
      throw new AssertionError();
    }

    @Override
    public OutputComparison compare(
        List<Request> requests, LayerMask mask, List<LinearPatch> patches, PlainSession written) {
      throw new AssertionError();
    }
  }
}
