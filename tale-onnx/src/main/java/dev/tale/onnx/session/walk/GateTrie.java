package dev.tale.onnx.session.walk;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.google.common.primitives.ImmutableDoubleArray;
import dev.tale.model.LayerMask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Vectors of factors on what layers add to the residual stream, as a tree from the first layer to
 * the last. A mask is a vector of 0 for removed layers and 1 for the others. Immutable.
 *
 * <p>Implementation note: two vectors that agree on the first i layers have the same hidden state
 * there, so the tree is walked depth first and every shared beginning is run once. Chains of layers
 * with factor 1 and without a fork are one run. A layer with another factor is a run by itself, for
 * what it gives is blended with what it got outside the graph; where vectors part at a layer, those
 * that do not skip it share its run, since only the blend differs. A round of greedy search over n
 * layers costs (n-1) + n(n-1)/2 layer-runs instead of n(n-1): 77 instead of 132 for n = 12. Central
 * differences by every factor, 2n vectors, cost n^2 instead of 2n^2: 144 instead of 288. Of the
 * sides of a fork those with fewer vectors go first, and a state is freed after the last that needs
 * it; so at most log2 of the number of vectors forks wait, with one state each, or two where a
 * layer is scaled.
 */
final class GateTrie implements Traversal {
  private final Node root;

  private GateTrie(Node root) {
    this.root = root;
  }

  /**
   * Returns the tree of masks over the same layers; equal masks share a leaf.
   *
   * @param masks at least one
   */
  static GateTrie ofMasks(List<LayerMask> masks) {
    return of(masks.stream().map(GateTrie::factors).toList());
  }

  private static ImmutableDoubleArray factors(LayerMask mask) {
    return ImmutableDoubleArray.copyOf(
        IntStream.range(0, mask.layers()).mapToDouble(layer -> mask.removes(layer) ? 0 : 1));
  }

  /**
   * Returns the tree of vectors over the same layers; equal vectors share a leaf.
   *
   * @param vectors finite factors by layer, at least one vector
   */
  static GateTrie of(List<ImmutableDoubleArray> vectors) {
    return new GateTrie(
        new Forest(vectors).segment(IntStream.range(0, vectors.size()).boxed().toList(), 0));
  }

  @Override
  public long layerRuns() {
    return root.layerRuns();
  }

  @Override
  public <O> void run(LayerRunner<O> runner, Sink<O> sink) {
    root.follow(Hidden.START, true, runner, sink);
  }

  /** Makes the nodes. */
  private record Forest(List<ImmutableDoubleArray> vectors) {

    /** As long as the chosen vectors agree on 0 or 1, their layers are one segment. */
    Segment segment(List<Integer> chosen, int from) {
      List<Integer> layers = new ArrayList<>();
      int layer = from;
      while (layer < vectors.get(0).length() && keepOrSkip(chosen, layer)) {
        if (factor(chosen.get(0), layer) == 1) {
          layers.add(layer);
        }
        layer++;
      }
      return layer == vectors.get(0).length()
          ? new Segment(layers, chosen, List.of())
          : new Segment(layers, chosen, fork(chosen, layer));
    }

    private boolean keepOrSkip(List<Integer> chosen, int layer) {
      double first = factor(chosen.get(0), layer);
      return (first == 0 || first == 1)
          && chosen.stream().allMatch(vector -> factor(vector, layer) == first);
    }

    /** Adding 0 makes -0 the 0 that it stands for. */
    private double factor(int vector, int layer) {
      return vectors.get(vector).get(layer) + 0.0;
    }

    private List<Node> fork(List<Integer> chosen, int layer) {
      SortedMap<Double, List<Integer>> sides =
          chosen.stream()
              .collect(groupingBy(vector -> factor(vector, layer), TreeMap::new, toList()));
      List<Integer> skipping = sides.remove(0.0);
      List<Node> nodes = new ArrayList<>();
      if (sides.keySet().equals(Set.of(1.0))) {
        nodes.add(segment(sides.getOrDefault(1.0, List.of()), layer));
      } else if (!sides.isEmpty()) {
        nodes.add(scaled(sides, layer));
      }
      if (skipping != null) {
        nodes.add(segment(skipping, layer + 1));
      }
      return fewestFirst(nodes);
    }

    private Scaled scaled(SortedMap<Double, List<Integer>> sides, int layer) {
      List<Side> all = new ArrayList<>();
      sides.forEach((factor, side) -> all.add(new Side(factor, segment(side, layer + 1))));
      return new Scaled(
          layer,
          sides.values().stream().flatMap(List::stream).toList(),
          all.stream().sorted(Comparator.comparingInt(side -> side.next().size())).toList());
    }

    private static List<Node> fewestFirst(List<Node> nodes) {
      return nodes.stream().sorted(Comparator.comparingInt(Node::size)).toList();
    }
  }

  /** What happens from a hidden state on. */
  private interface Node {
    /** Returns positions of the vectors that pass here. */
    List<Integer> vectors();

    long layerRuns();

    /** Runs this and what follows; {@code last} says that nothing else needs the entry. */
    <O> void follow(Hidden entry, boolean last, LayerRunner<O> runner, Sink<O> sink);

    default int size() {
      return vectors().size();
    }
  }

  /**
   * Layers that run together.
   *
   * @param layers layers to run, ascending, possibly none
   * @param next what follows, empty at a leaf
   */
  private record Segment(List<Integer> layers, List<Integer> vectors, List<Node> next)
      implements Node {
    @Override
    public long layerRuns() {
      return layers.size() + next.stream().mapToLong(Node::layerRuns).sum();
    }

    @Override
    public <O> void follow(Hidden entry, boolean last, LayerRunner<O> runner, Sink<O> sink) {
      if (next.isEmpty()) {
        O output = runner.finish(entry, layers);
        vectors.forEach(vector -> sink.accept(vector, output));
      } else if (layers.isEmpty()) {
        followAll(entry, last, runner, sink);
      } else {
        try (Hidden exit = runner.body(entry, layers)) {
          if (last) {
            entry.close();
          }
          followAll(exit, true, runner, sink);
        }
      }
    }

    private <O> void followAll(Hidden entry, boolean last, LayerRunner<O> runner, Sink<O> sink) {
      for (int i = 0; i < next.size(); i++) {
        next.get(i).follow(entry, last && i == next.size() - 1, runner, sink);
      }
    }
  }

  /**
   * One layer that runs once for all factors.
   *
   * @param sides at least one
   */
  private record Scaled(int layer, List<Integer> vectors, List<Side> sides) implements Node {
    @Override
    public long layerRuns() {
      return 1 + sides.stream().mapToLong(side -> side.next().layerRuns()).sum();
    }

    @Override
    public <O> void follow(Hidden entry, boolean last, LayerRunner<O> runner, Sink<O> sink) {
      if (entry == Hidden.START) {
        try (Hidden embedded = runner.body(entry, List.of())) {
          follow(embedded, true, runner, sink);
        }
        return;
      }
      try (Hidden exit = runner.body(entry, List.of(layer))) {
        for (int i = 0; i < sides.size() - 1; i++) {
          sides.get(i).follow(entry, exit, runner, sink);
        }
        sides.get(sides.size() - 1).followLast(entry, last, exit, runner, sink);
      }
    }
  }

  /**
   * What follows a scaled layer.
   *
   * @param factor not 0
   */
  private record Side(double factor, Segment next) {
    <O> void follow(Hidden entry, Hidden exit, LayerRunner<O> runner, Sink<O> sink) {
      if (factor == 1) {
        next.follow(exit, false, runner, sink);
        return;
      }
      try (Hidden scaled = runner.scale(entry, exit, factor)) {
        next.follow(scaled, true, runner, sink);
      }
    }

    /** The layer's exit is not needed after this, nor, if {@code last}, its entry. */
    <O> void followLast(
        Hidden entry, boolean last, Hidden exit, LayerRunner<O> runner, Sink<O> sink) {
      try (Hidden scaled = factor == 1 ? exit : runner.scale(entry, exit, factor)) {
        if (last) {
          entry.close();
        }
        if (factor != 1) {
          exit.close();
        }
        next.follow(scaled, true, runner, sink);
      }
    }
  }
}
