package dev.tale.onnx.session.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableDoubleArray;
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

class GateTrieTest {
  private static final int LAYERS = 12;

  @Test
  void aGreedyRoundSharesBeginnings() {
    List<LayerMask> round = greedyRound(LayerMask.none(LAYERS));
    Recorder shared = walk(Traversal.shared(round));
    Recorder naive = walk(Traversal.oneByOne(round));
    assertThat(shared.layerRuns).isEqualTo(77).isEqualTo(GateTrie.ofMasks(round).layerRuns());
    assertThat(naive.layerRuns).isEqualTo(132);
    assertThat(shared.answers).isEqualTo(naive.answers);
    assertThat(shared.mostOpen).as("states held at once").isLessThanOrEqualTo(2);
  }

  @Test
  void aLaterRoundCountsOnlyLayersThatAreLeft() {
    List<LayerMask> round = greedyRound(LayerMask.of(LAYERS, 0, 5, 11));
    assertThat(GateTrie.ofMasks(round).layerRuns()).isEqualTo(8 + 8 * 9 / 2);
  }

  @Test
  void aMaskMayRemoveEveryLayer() {
    LayerMask none = LayerMask.of(3, 0, 1, 2);
    Recorder walked = walk(Traversal.shared(List.of(none, LayerMask.none(3), none)));
    assertThat(walked.answers)
        .isEqualTo(Map.of(0, List.of(), 1, List.of("0", "1", "2"), 2, List.of()));
    assertThat(walked.layerRuns).isEqualTo(3);
  }

  @Property(tries = 300)
  void sharingChangesNothing(@ForAll("masks") List<LayerMask> masks) {
    Recorder shared = walk(Traversal.shared(masks));
    Recorder naive = walk(Traversal.oneByOne(masks));
    assertThat(shared.answers).isEqualTo(naive.answers);
    assertThat(shared.layerRuns)
        .isEqualTo(GateTrie.ofMasks(masks).layerRuns())
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

  @Test
  void centralDifferencesRunHalfTheLayers() {
    List<ImmutableDoubleArray> vectors = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      vectors.add(onesBut(layer, 0.99));
      vectors.add(onesBut(layer, 1.01));
    }
    Recorder shared = walkGates(Traversal.sharedGates(vectors));
    Recorder alone = walkGates(Traversal.gatesOneByOne(vectors));
    assertThat(shared.layerRuns).isEqualTo(144).isEqualTo(GateTrie.of(vectors).layerRuns());
    assertThat(alone.layerRuns).isEqualTo(288);
    assertThat(shared.answers).isEqualTo(alone.answers).isEqualTo(naive(vectors));
    assertThat(shared.mostOpen).as("states held at once").isLessThanOrEqualTo(3);
  }

  private static ImmutableDoubleArray onesBut(int layer, double factor) {
    return ImmutableDoubleArray.copyOf(
        IntStream.range(0, LAYERS).mapToDouble(i -> i == layer ? factor : 1));
  }

  @Test
  void minusZeroSkipsALayerAsZeroDoes() {
    ImmutableDoubleArray minus = ImmutableDoubleArray.of(1, -0.0, 1);
    Recorder walked = walkGates(Traversal.sharedGates(List.of(minus)));
    assertThat(walked.answers).isEqualTo(Map.of(0, List.of("0", "2")));
  }

  @Property(tries = 300)
  void sharingFactorsChangesNothing(@ForAll("gates") List<ImmutableDoubleArray> gates) {
    Recorder shared = walkGates(Traversal.sharedGates(gates));
    assertThat(shared.answers)
        .isEqualTo(naive(gates))
        .isEqualTo(walkGates(Traversal.gatesOneByOne(gates)).answers);
    assertThat(shared.layerRuns)
        .isEqualTo(GateTrie.of(gates).layerRuns())
        .isEqualTo(distinctRuns(gates));
    assertThat(shared.open).as("states left open").isEmpty();
    int log = 32 - Integer.numberOfLeadingZeros(gates.size());
    assertThat(shared.mostOpen).isLessThanOrEqualTo(2 * log + 1);
  }

  @Property(tries = 100)
  void aFailureAnywhereFreesEveryScaledState(
      @ForAll("gates") List<ImmutableDoubleArray> gates, @ForAll @IntRange(max = 40) int at) {
    Recorder recorder = new Recorder();
    recorder.scaling = true;
    recorder.failAt = at;
    try {
      Traversal.sharedGates(gates).run(recorder, recorder);
      assertThat(recorder.runs).isLessThanOrEqualTo(at);
    } catch (ArithmeticException e) {
      assertThat(recorder.runs).isEqualTo(at + 1);
    }
    assertThat(recorder.open).isEmpty();
  }

  @Test
  void everyBoundaryIsGivenInOrder() {
    Recorder recorder = new Recorder();
    recorder.scaling = true;
    Traversal.everyBoundary(LayerMask.of(3, 1)).run(recorder, recorder);
    assertThat(recorder.answers)
        .isEqualTo(Map.of(0, List.of(), 1, List.of("0"), 2, List.of("0"), 3, List.of("0", "2")));
    assertThat(recorder.layerRuns).isEqualTo(2);
    assertThat(recorder.mostOpen).isEqualTo(2);
    assertThat(recorder.open).isEmpty();
  }

  @Provide
  Arbitrary<List<ImmutableDoubleArray>> gates() {
    return Arbitraries.of(0.0, 1.0, 1.0, 0.5, -2.0)
        .list()
        .ofSize(6)
        .map(ImmutableDoubleArray::copyOf)
        .list()
        .ofMinSize(1)
        .ofMaxSize(24);
  }

  /** What comes of each vector, by its definition. */
  private static Map<Integer, List<String>> naive(List<ImmutableDoubleArray> gates) {
    Map<Integer, List<String>> answers = new TreeMap<>();
    for (int vector = 0; vector < gates.size(); vector++) {
      answers.put(vector, trace(gates.get(vector), gates.get(vector).length()));
    }
    return answers;
  }

  private static List<String> trace(ImmutableDoubleArray gates, int layers) {
    return IntStream.range(0, layers)
        .filter(layer -> gates.get(layer) != 0)
        .mapToObj(layer -> gates.get(layer) == 1 ? "" + layer : layer + "*" + gates.get(layer))
        .toList();
  }

  /** One layer-run for each distinct state that some vector enters a layer with. */
  private static long distinctRuns(List<ImmutableDoubleArray> gates) {
    Set<List<String>> runs = new HashSet<>();
    for (ImmutableDoubleArray vector : gates) {
      for (int layer = 0; layer < vector.length(); layer++) {
        if (vector.get(layer) != 0) {
          List<String> run = new ArrayList<>(trace(vector, layer));
          run.add(String.valueOf(layer));
          runs.add(run);
        }
      }
    }
    return runs.size();
  }

  private static Recorder walkGates(Traversal traversal) {
    Recorder recorder = new Recorder();
    recorder.scaling = true;
    traversal.run(recorder, recorder);
    return recorder;
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

  /** A model whose hidden state is the list of layers that made it, with their factors. */
  private static final class Recorder
      implements LayerRunner<List<String>>, Traversal.Sink<List<String>> {
    private final Map<Integer, List<String>> answers = new TreeMap<>();
    private final Set<State> open = new HashSet<>();
    private int mostOpen;
    private long layerRuns;
    private int runs;
    private int failAt = Integer.MAX_VALUE;
    private boolean scaling;

    @Override
    public Hidden body(Hidden entry, List<Integer> layers) {
      assertThat(layers.isEmpty() && !(entry == Hidden.START && scaling)).as("nothing").isFalse();
      State state = new State(run(entry, layers));
      return opened(state);
    }

    private State opened(State state) {
      open.add(state);
      mostOpen = Math.max(mostOpen, open.size());
      return state;
    }

    /** What the exit has more than the entry is one layer. */
    @Override
    public Hidden scale(Hidden entry, Hidden exit, double factor) {
      assertThat(factor).isNotIn(0.0, 1.0);
      List<String> before = trace(entry);
      List<String> after = trace(exit);
      assertThat(after.subList(0, before.size())).isEqualTo(before);
      List<String> scaled = new ArrayList<>(before);
      scaled.add(after.get(before.size()) + "*" + factor);
      assertThat(after).hasSize(scaled.size());
      return opened(new State(scaled));
    }

    private List<String> trace(Hidden hidden) {
      State state = (State) hidden;
      assertThat(open).as("used after it was freed").contains(state);
      return state.trace;
    }

    @Override
    public List<String> finish(Hidden entry, List<Integer> layers) {
      return run(entry, layers);
    }

    private List<String> run(Hidden entry, List<Integer> layers) {
      if (runs++ == failAt) {
        throw new ArithmeticException("planted");
      }
      layerRuns += layers.size();
      List<String> trace = new ArrayList<>();
      if (entry != Hidden.START) {
        trace.addAll(trace(entry));
      }
      layers.forEach(layer -> trace.add(String.valueOf(layer)));
      return trace;
    }

    @Override
    public void accept(int mask, List<String> output) {
      assertThat(answers.put(mask, output)).isNull();
    }

    private final class State implements Hidden {
      private final List<String> trace;

      private State(List<String> trace) {
        this.trace = trace;
      }

      @Override
      public void close() {
        open.remove(this);
      }
    }
  }
}
