package dev.tale.onnx.session;

import dev.tale.model.LayerMask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Masks as a tree over keep and skip, from the first layer to the last. Immutable.
 *
 * <p>Implementation note: two masks that agree on the first i layers have the same hidden state
 * there, so the tree is walked depth first and every shared beginning is run once. Chains without a
 * fork are one run. A round of greedy search over n layers costs (n-1) + n(n-1)/2 layer-runs
 * instead of n(n-1): 77 instead of 132 for n = 12. Of the two sides of a fork the one with fewer
 * masks goes first, and a state is freed after the run that enters from it last; so at most log2 of
 * the number of masks states wait, and 2 in a greedy round.
 */
final class MaskTrie implements Traversal {
  private final Segment root;

  private MaskTrie(Segment root) {
    this.root = root;
  }

  /**
   * Returns the tree of masks over the same layers; equal masks share a leaf.
   *
   * @param masks at least one
   */
  static MaskTrie of(List<LayerMask> masks) {
    return new MaskTrie(segment(masks, IntStream.range(0, masks.size()).boxed().toList(), 0));
  }

  @Override
  public long layerRuns() {
    return root.layerRuns();
  }

  /** As long as the chosen masks agree, their layers are one segment. */
  private static Segment segment(List<LayerMask> masks, List<Integer> chosen, int from) {
    LayerMask first = masks.get(chosen.get(0));
    List<Integer> layers = new ArrayList<>();
    int layer = from;
    while (layer < first.layers() && agree(masks, chosen, layer)) {
      if (!first.removes(layer)) {
        layers.add(layer);
      }
      layer++;
    }
    return layer == first.layers()
        ? new Segment(layers, chosen, List.of())
        : new Segment(layers, chosen, fork(masks, chosen, layer));
  }

  private static boolean agree(List<LayerMask> masks, List<Integer> chosen, int layer) {
    return chosen.stream().map(mask -> masks.get(mask).removes(layer)).distinct().count() == 1;
  }

  private static List<Segment> fork(List<LayerMask> masks, List<Integer> chosen, int layer) {
    Map<Boolean, List<Integer>> sides =
        chosen.stream().collect(Collectors.partitioningBy(mask -> masks.get(mask).removes(layer)));
    return sides.values().stream()
        .map(side -> segment(masks, side, layer))
        .sorted(Comparator.comparingInt(side -> side.masks().size()))
        .toList();
  }

  @Override
  public <O> void run(LayerRunner<O> runner, Sink<O> sink) {
    follow(root, Hidden.START, true, runner, sink);
  }

  /** Runs a segment and what follows it; {@code last} says that nothing else needs the entry. */
  private static <O> void follow(
      Segment segment, Hidden entry, boolean last, LayerRunner<O> runner, Sink<O> sink) {
    if (segment.next().isEmpty()) {
      O output = runner.finish(entry, segment.layers());
      segment.masks().forEach(mask -> sink.accept(mask, output));
    } else if (segment.layers().isEmpty()) {
      followAll(segment.next(), entry, last, runner, sink);
    } else {
      try (Hidden exit = runner.body(entry, segment.layers())) {
        if (last) {
          entry.close();
        }
        followAll(segment.next(), exit, true, runner, sink);
      }
    }
  }

  private static <O> void followAll(
      List<Segment> segments, Hidden entry, boolean last, LayerRunner<O> runner, Sink<O> sink) {
    for (int i = 0; i < segments.size(); i++) {
      follow(segments.get(i), entry, last && i == segments.size() - 1, runner, sink);
    }
  }

  /**
   * Layers that run together.
   *
   * @param layers layers to run, ascending, possibly none
   * @param masks positions of the masks that pass here
   * @param next what follows, empty at a leaf
   */
  private record Segment(List<Integer> layers, List<Integer> masks, List<Segment> next) {
    long layerRuns() {
      return layers.size() + next.stream().mapToLong(Segment::layerRuns).sum();
    }
  }
}
