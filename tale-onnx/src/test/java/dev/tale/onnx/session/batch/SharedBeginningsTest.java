package dev.tale.onnx.session.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SharedBeginningsTest {

  @Property(tries = 200)
  void everySequenceIsInOneGroupThatBeginsAlikeAndReadsNothingThere(
      @ForAll @IntRange(min = 1, max = 40) int count, @ForAll long seed) {
    List<Sequence> sequences = random(count, new Random(seed));
    List<Integer> seen = new ArrayList<>();
    for (PaddedBatch group : SharedBeginnings.find(sequences)) {
      seen.addAll(group.members());
      ImmutableLongArray prefix = group.get(0).tokens().subArray(0, group.prefix());
      for (int member = 0; member < group.size(); member++) {
        Sequence sequence = group.get(member);
        assertThat(sequence.tokens().subArray(0, group.prefix())).isEqualTo(prefix);
        assertThat(sequence.probes().get(0).position()).isGreaterThanOrEqualTo(group.prefix());
      }
    }
    Collections.sort(seen);
    assertThat(seen).isEqualTo(IntStream.range(0, count).boxed().toList());
  }

  @Property(tries = 100)
  void fewerTokensAreRunThanWhole(
      @ForAll @IntRange(min = 1, max = 40) int count, @ForAll long seed) {
    List<Sequence> sequences = random(count, new Random(seed));
    long whole = sequences.stream().mapToLong(Sequence::length).sum();
    long shared =
        SharedBeginnings.find(sequences).stream()
            .mapToLong(group -> group.prefix() + group.tokens())
            .sum();
    assertThat(shared).isLessThanOrEqualTo(whole);
  }

  @Test
  void oneHeaderIsOneGroup() {
    List<Sequence> sequences =
        IntStream.range(0, 10).mapToObj(row -> sequence(100, 5, 1, row)).toList();
    List<PaddedBatch> groups = SharedBeginnings.find(sequences);
    assertThat(groups).hasSize(1);
    assertThat(groups.get(0).prefix()).isEqualTo(100);
  }

  @Test
  void twoHeadersAreTwoGroups() {
    List<Sequence> sequences =
        IntStream.range(0, 20).mapToObj(row -> sequence(100, 5, row % 2, row)).toList();
    assertThat(SharedBeginnings.find(sequences).stream().map(PaddedBatch::prefix))
        .containsExactly(100, 100);
  }

  @Test
  void aFewCommonTokensAreNotWorthAGroup() {
    List<Sequence> sequences =
        IntStream.range(0, 64).mapToObj(row -> sequence(5, 30, 1, row)).toList();
    assertThat(SharedBeginnings.find(sequences).stream().map(PaddedBatch::prefix))
        .containsExactly(0);
  }

  private static List<Sequence> random(int count, Random random) {
    return IntStream.range(0, count)
        .mapToObj(
            row ->
                sequence(
                    random.nextInt(60),
                    1 + random.nextInt(9),
                    random.nextInt(3),
                    random.nextInt(9)))
        .toList();
  }

  /** A header, of which there are several, and a row of its own; read at the last token. */
  private static Sequence sequence(int header, int row, int headers, int rows) {
    long[] tokens =
        LongStream.concat(
                LongStream.range(0, header).map(at -> 1000L * (headers + 1) + at),
                LongStream.range(0, row).map(at -> 10L + rows + at))
            .toArray();
    return new Sequence(
        ImmutableLongArray.copyOf(tokens),
        List.of(new Probe(tokens.length - 1, RequestPlan.ANY_TOKEN)));
  }
}
