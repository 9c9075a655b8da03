package dev.tale.onnx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.LayerMask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MaskTrieTest {
  private static final int LAYERS = 12;

  @Test
  void aGreedyRoundSharesBeginnings() {
    List<LayerMask> round = greedyRound(LayerMask.none(LAYERS));
    Recorder shared = walk(Traversal.shared(round));
    Recorder naive = walk(Traversal.oneByOne(round));
    assertThat(shared.layerRuns).isEqualTo(77).isEqualTo(MaskTrie.of(round).layerRuns());
    assertThat(naive.layerRuns).isEqualTo(132);
    assertThat(shared.answers).isEqualTo(naive.answers);
    assertThat(shared.mostOpen).as("states held at once").isLessThanOrEqualTo(2);
  }

  @Test
  void aLaterRoundCountsOnlyLayersThatAreLeft() {
    List<LayerMask> round = greedyRound(LayerMask.of(LAYERS, 0, 5, 11));
    assertThat(MaskTrie.of(round).layerRuns()).isEqualTo(8 + 8 * 9 / 2);
  }

  @Test
  void aMaskMayRemoveEveryLayer() {
    LayerMask none = LayerMask.of(3, 0, 1, 2);
    Recorder walked = walk(Traversal.shared(List.of(none, LayerMask.none(3), none)));
    assertThat(walked.answers).isEqualTo(Map.of(0, List.of(), 1, List.of(0, 1, 2), 2, List.of()));
    assertThat(walked.layerRuns).isEqualTo(3);
  }

  @Property(tries = 300)
  void sharingChangesNothing(@ForAll("masks") List<LayerMask> masks) {
    Recorder shared = walk(Traversal.shared(masks));
    Recorder naive = walk(Traversal.oneByOne(masks));
    assertThat(shared.answers).isEqualTo(naive.answers);
    assertThat(shared.layerRuns)
        .isEqualTo(MaskTrie.of(masks).layerRuns())
        .isEqualTo(distinctBeginnings(masks));
    assertThat(shared.open).as("states left open").isEmpty();
    int log = 32 - Integer.numberOfLeadingZeros(masks.size());
    assertThat(shared.mostOpen).isLessThanOrEqualTo(log + 1);
  }

  @Property(tries = 100)
  void aFailureAnywhereFreesEveryState(
      @ForAll("masks") List<LayerMask> masks, @ForAll @IntRange(max = 40) int at) {
    Recorder recorder = new Recorder();
    recorder.failAt = at;
    try {
      Traversal.shared(masks).run(recorder, recorder);
      assertThat(recorder.runs).isLessThanOrEqualTo(at);
    } catch (ArithmeticException e) {
      assertThat(recorder.runs).isEqualTo(at + 1);
    }
    assertThat(recorder.open).isEmpty();
  }

  @Test
  void aFailureIsNotHidden() {
    Recorder recorder = new Recorder();
    recorder.failAt = 3;
    List<LayerMask> round = greedyRound(LayerMask.none(LAYERS));
    assertThatThrownBy(() -> Traversal.shared(round).run(recorder, recorder))
        .isInstanceOf(ArithmeticException.class);
  }

  @Provide
  Arbitrary<List<LayerMask>> masks() {
    Arbitrary<LayerMask> mask =
        Arbitraries.integers()
            .between(0, 7)
            .set()
            .map(removed -> LayerMask.of(8, removed.stream().mapToInt(i -> i).toArray()));
    return mask.list().ofMinSize(1).ofMaxSize(24);
  }

  private static List<LayerMask> greedyRound(LayerMask from) {
    return from.kept().stream().map(from::remove).toList();
  }

  private static Recorder walk(Traversal traversal) {
    Recorder recorder = new Recorder();
    traversal.run(recorder, recorder);
    return recorder;
  }

  /** One layer-run for each distinct beginning that ends in a layer that is kept. */
  private static long distinctBeginnings(List<LayerMask> masks) {
    Set<List<Integer>> beginnings = new HashSet<>();
    for (LayerMask mask : masks) {
      List<Integer> kept = mask.kept();
      IntStream.rangeClosed(1, kept.size()).forEach(n -> beginnings.add(kept.subList(0, n)));
    }
    return beginnings.size();
  }

  /** A model whose hidden state is the list of layers that made it. */
  private static final class Recorder
      implements LayerRunner<List<Integer>>, Traversal.Sink<List<Integer>> {
    private final Map<Integer, List<Integer>> answers = new TreeMap<>();
    private final Set<State> open = new HashSet<>();
    private int mostOpen;
    private long layerRuns;
    private int runs;
    private int failAt = Integer.MAX_VALUE;

    @Override
    public Hidden body(Hidden entry, List<Integer> layers) {
      assertThat(layers).isNotEmpty();
      State state = new State(run(entry, layers));
      open.add(state);
      mostOpen = Math.max(mostOpen, open.size());
      return state;
    }

    @Override
    public List<Integer> finish(Hidden entry, List<Integer> layers) {
      return run(entry, layers);
    }

    private List<Integer> run(Hidden entry, List<Integer> layers) {
      if (runs++ == failAt) {
        throw new ArithmeticException("planted");
      }
      layerRuns += layers.size();
      List<Integer> trace = new ArrayList<>();
      if (entry instanceof State state) {
        assertThat(open).as("entered after it was freed").contains(state);
        trace.addAll(state.trace);
      }
      trace.addAll(layers);
      return trace;
    }

    @Override
    public void accept(int mask, List<Integer> output) {
      assertThat(answers.put(mask, output)).isNull();
    }

    private final class State implements Hidden {
      private final List<Integer> trace;

      private State(List<Integer> trace) {
        this.trace = trace;
      }

      @Override
      public void close() {
        open.remove(this);
      }
    }
  }
}
