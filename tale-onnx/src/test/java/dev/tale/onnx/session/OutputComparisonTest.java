package dev.tale.onnx.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.onnx.session.batch.Probe;
import dev.tale.onnx.session.batch.RequestPlan;
import dev.tale.onnx.session.batch.Sequence;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputComparisonTest {
  private static final Sequence SEQUENCE =
      new Sequence(
          ImmutableLongArray.of(7, 8, 9, 10),
          List.of(new Probe(1, RequestPlan.ANY_TOKEN), new Probe(3, ImmutableLongArray.of(5, 6))));

  @Test
  void beginning_ofAShortSequenceIsAllOfIt() {
    assertThat(OutputComparison.beginning(SEQUENCE, 4)).isSameAs(SEQUENCE);
  }

  @Test
  void beginning_keepsWhatIsReadThere() {
    Sequence beginning = OutputComparison.beginning(SEQUENCE, 3);
    assertThat(beginning.tokens()).isEqualTo(ImmutableLongArray.of(7, 8, 9));
    assertThat(beginning.probes()).extracting(Probe::position).containsExactly(1);
  }

  @Test
  void beginning_readsItsEndIfNothingElse() {
    Sequence beginning = OutputComparison.beginning(SEQUENCE, 1);
    assertThat(beginning.tokens()).isEqualTo(ImmutableLongArray.of(7));
    assertThat(beginning.probes()).extracting(Probe::position).containsExactly(0);
  }
}
