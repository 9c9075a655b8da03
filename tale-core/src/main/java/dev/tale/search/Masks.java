package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The sets of layers that a search may ask about. Each leaves a transformer. */
final class Masks {

  /** Fewer removed layers first; among as many the one with the lowest removed layers. */
  static final Comparator<LayerMask> LOWEST_FIRST =
      Comparator.comparing(LayerMask::removedCount).thenComparing(Masks::compareRemoved);

  private Masks() {}

  private static int compareRemoved(LayerMask first, LayerMask second) {
    List<Integer> mine = first.removed();
    List<Integer> others = second.removed();
    return IntStream.range(0, mine.size())
        .map(i -> mine.get(i).compareTo(others.get(i)))
        .filter(compared -> compared != 0)
        .findFirst()
        .orElse(0);
  }

  /** Removes one more, ascending; nothing if the objective allows no more. */
  static List<LayerMask> withOneLess(Objective objective, LayerMask mask) {
    return mask.removedCount() >= objective.mostRemoved()
        ? List.of()
        : mask.kept().stream()
            .map(mask::remove)
            .filter(objective.model()::leavesAttention)
            .sorted(LOWEST_FIRST)
            .toList();
  }

  /** Lets one come back, ascending by what stays removed. */
  static List<LayerMask> withOneMore(LayerMask mask) {
    return mask.removed().stream().map(mask::readmit).sorted(LOWEST_FIRST).toList();
  }

  /**
   * Removes one more after the other in a given order, as many as allowed; what the last attention
   * is not part of goes before it.
   */
  static List<LayerMask> inOrder(List<Integer> order, Objective objective) {
    List<LayerMask> masks = new ArrayList<>();
    LayerMask mask = LayerMask.none(objective.model().layerCount());
    for (int layer : order) {
      LayerMask next = mask.remove(layer);
      if (masks.size() < objective.mostRemoved() && objective.model().leavesAttention(next)) {
        masks.add(next);
        mask = next;
      }
    }
    return masks;
  }

  /** Removes neighbouring layers, from the first span on. */
  static List<LayerMask> spans(ModelInfo model, int length) {
    int layers = model.layerCount();
    return IntStream.rangeClosed(0, layers - length)
        .mapToObj(first -> LayerMask.of(layers, IntStream.range(first, first + length).toArray()))
        .filter(model::leavesAttention)
        .toList();
  }

  /** Returns how many masks remove 1 to so many layers. */
  static BigInteger count(int layers, int mostRemoved) {
    return IntStream.rangeClosed(1, mostRemoved)
        .mapToObj(removed -> choose(layers, removed))
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  /** Returns how many masks remove so many layers. */
  static BigInteger choose(int layers, int removed) {
    BigInteger ways = BigInteger.ONE;
    for (int i = 0; i < removed; i++) {
      ways = ways.multiply(BigInteger.valueOf(layers - i)).divide(BigInteger.valueOf(i + 1));
    }
    return ways;
  }

  /** Returns every mask that removes so many, the lowest first. */
  static List<LayerMask> all(ModelInfo model, int removed) {
    List<LayerMask> masks = List.of(LayerMask.none(model.layerCount()));
    for (int more = removed - 1; more >= 0; more--) {
      int room = model.layerCount() - more;
      masks = masks.stream().flatMap(mask -> withOneHigher(mask, room)).toList();
    }
    return masks.stream().filter(model::leavesAttention).toList();
  }

  /** Removes one more, above those removed, below what leaves no room for the rest. */
  private static Stream<LayerMask> withOneHigher(LayerMask mask, int room) {
    int from = mask.removed().stream().mapToInt(layer -> layer + 1).max().orElse(0);
    return IntStream.range(from, room).mapToObj(mask::remove);
  }

  /** Draws different masks that remove so many, uniformly; all if there are no more. */
  static List<LayerMask> draw(ModelInfo model, int removed, int count, RandomGenerator random) {
    boolean few =
        choose(model.layerCount(), removed).compareTo(BigInteger.valueOf(4L * count)) <= 0;
    Set<LayerMask> drawn = new LinkedHashSet<>();
    if (few) {
      List<LayerMask> all = new ArrayList<>(all(model, removed));
      while (drawn.size() < count && !all.isEmpty()) {
        drawn.add(all.remove(random.nextInt(all.size())));
      }
    }
    // Of so many at least every second leaves attention, and every second of those is new.
    while (!few && drawn.size() < count) {
      LayerMask mask = draw(model.layerCount(), removed, random);
      if (model.leavesAttention(mask)) {
        drawn.add(mask);
      }
    }
    return drawn.stream().sorted(LOWEST_FIRST).toList();
  }

  private static LayerMask draw(int layers, int removed, RandomGenerator random) {
    LayerMask mask = LayerMask.none(layers);
    while (mask.removedCount() < removed) {
      mask = mask.remove(pick(mask.kept(), random));
    }
    return mask;
  }

  static <T> T pick(List<T> from, RandomGenerator random) {
    return from.get(random.nextInt(from.size()));
  }
}
