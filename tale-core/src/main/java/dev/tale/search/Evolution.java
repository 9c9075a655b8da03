package dev.tale.search;

import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.BudgetExceededException;
import dev.tale.evaluate.Configuration;
import dev.tale.model.LayerMask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The evolution of masks that remove one and the same number of layers.
 *
 * <p>A generation is the parent's offspring that were never seen before. Halving asks them an
 * eighth of the rows, then a quarter, then half of them, the same rows for all and others in each
 * generation, and each time the better half goes on; those that are left are scored on every row.
 * The best of them takes the parent's place if it is strictly better.
 */
final class Evolution {
  private static final int FIRST_SHARE = 8;
  private static final int MOST_SWAPS = 3;

  /** Attempts at each of the offspring; near the end of a small space most were seen before. */
  private static final int ATTEMPTS = 8;

  private final Exploration search;
  private final int removed;
  private final int offspring;
  private final SplittableRandom random;
  private final Set<LayerMask> seen = new HashSet<>();
  private final List<Configuration> scored = new ArrayList<>();
  private final List<Bounds> left = new ArrayList<>();

  Evolution(Exploration search, int removed, long seed, int offspring) {
    this.search = search;
    this.removed = removed;
    this.offspring = offspring;
    this.random = new SplittableRandom(seed + removed);
  }

  /** Runs and holds one round of all that was scored on every row, however far it came. */
  void run(int generations) {
    try {
      evolve(generations);
    } catch (BudgetExceededException spent) {
      hold();
      throw spent;
    }
    hold();
  }

  private void hold() {
    scored.sort(Comparator.comparing(Configuration::mask, Masks.LOWEST_FIRST));
    left.sort(Comparator.comparing(Bounds::mask, Masks.LOWEST_FIRST));
    if (!scored.isEmpty()) {
      search.hold(search.floor(), scored, left, 1);
    }
  }

  private void evolve(int generations) {
    List<LayerMask> first = Masks.draw(search.model(), removed, offspring, random);
    seen.addAll(first);
    Configuration parent = best(first);
    for (int generation = 1; generation <= generations; generation++) {
      List<LayerMask> children = children(parent.mask());
      if (children.isEmpty()) {
        return;
      }
      Configuration child = best(children);
      parent = child.score().compareAccuracy(parent.score()) > 0 ? child : parent;
    }
  }

  private Configuration best(List<LayerMask> masks) {
    List<Configuration> finalists = search.objective().evaluate(halve(masks));
    scored.addAll(finalists);
    return Configuration.best(finalists);
  }

  private List<LayerMask> halve(List<LayerMask> masks) {
    List<LayerMask> in = masks;
    Map<LayerMask, Bounds> out = new HashMap<>();
    int rows = search.objective().rows();
    long order = random.nextLong();
    for (int share = FIRST_SHARE; share > 1 && in.size() > 1; share /= 2) {
      List<Bounds> ranked =
          search.objective().sample(in, Math.max(1, rows / share), order).stream()
              .sorted(Comparator.comparingDouble(Bounds::accuracyAtLeast).reversed())
              .toList();
      int half = (ranked.size() + 1) / 2;
      ranked.subList(half, ranked.size()).forEach(bounds -> out.put(bounds.mask(), bounds));
      in = in.stream().filter(mask -> !out.containsKey(mask)).toList();
    }
    left.addAll(out.values());
    return in;
  }

  private List<LayerMask> children(LayerMask parent) {
    List<LayerMask> children = new ArrayList<>();
    for (int i = 0; i < ATTEMPTS * offspring && children.size() < offspring; i++) {
      LayerMask child = mutate(parent);
      if (search.model().leavesAttention(child) && seen.add(child)) {
        children.add(child);
      }
    }
    children.sort(Masks.LOWEST_FIRST);
    return children;
  }

  /** Swaps one to three removed layers for kept ones; fewer is more likely, as published. */
  private LayerMask mutate(LayerMask parent) {
    int swaps = 1 + Math.min(random.nextInt(MOST_SWAPS), random.nextInt(MOST_SWAPS));
    LayerMask mask = parent;
    for (int i = 0; i < swaps; i++) {
      int back = Masks.pick(mask.removed(), random);
      int gone = Masks.pick(mask.kept(), random);
      mask = mask.readmit(back).remove(gone);
    }
    return mask;
  }
}
