package dev.tale.onnx.session.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PaddedBatchTest {

  @Property(tries = 200)
  void everySequenceIsInOneBatchWithinTheLimits(
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 9) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 8) int maxSequences,
      @ForAll @IntRange(min = 1, max = 12) int maxProbes) {
    List<Sequence> sequences = lengths.stream().map(n -> sequence(n, n)).toList();
    List<PaddedBatch> batches =
        PaddedBatch.of(
            sequences,
            PaddedBatch.Limit.sequences(maxSequences).and(PaddedBatch.Limit.probes(maxProbes)));
    List<Integer> seen = new ArrayList<>();
    int length = 0;
    for (PaddedBatch batch : batches) {
      assertThat(batch.size()).isBetween(1, maxSequences);
      assertThat(batch.size() == 1 || probes(batch) <= maxProbes).isTrue();
      assertThat(batch.get(0).length()).as("sorted by length").isGreaterThanOrEqualTo(length);
      length = batch.length();
      seen.addAll(batch.members());
    }
    Collections.sort(seen);
    assertThat(seen).isEqualTo(IntStream.range(0, sequences.size()).boxed().toList());
  }

  @Test
  void halvesKeepEveryMemberAndItsOrder() {
    List<Sequence> sequences = IntStream.range(0, 5).mapToObj(i -> sequence(1, 1)).toList();
    PaddedBatch batch = PaddedBatch.of(sequences, PaddedBatch.Limit.sequences(16)).get(0);
    assertThat(batch.halves().stream().map(PaddedBatch::members))
        .containsExactly(List.of(0, 1), List.of(2, 3, 4));
  }

  private static int probes(PaddedBatch batch) {
    return IntStream.range(0, batch.size()).map(i -> batch.get(i).probes().size()).sum();
  }

  private static Sequence sequence(int length, int probes) {
    return new Sequence(
        ImmutableLongArray.copyOf(new long[length]),
        IntStream.range(0, probes).mapToObj(i -> new Probe(i, RequestPlan.ANY_TOKEN)).toList());
  }
}
