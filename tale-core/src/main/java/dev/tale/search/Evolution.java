package dev.tale.search;

import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.Configuration;
import dev.tale.model.LayerMask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    evolve(generations);
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
    Optional<Configuration> parent = best(first);
    for (int generation = 1; generation <= generations && parent.isPresent(); generation++) {
      List<LayerMask> children = children(parent.get().mask());
      if (children.isEmpty()) {
        return;
      }
      Configuration before = parent.get();
      parent =
          best(children)
              .map(child -> child.score().compareAccuracy(before.score()) > 0 ? child : before);
    }
  }

  /** Returns the best of some masks; empty if the budget does not pay for it. */
  private Optional<Configuration> best(List<LayerMask> masks) {
    Optional<List<Configuration>> finalists = halve(masks).flatMap(search::evaluate);
    finalists.ifPresent(scored::addAll);
    return finalists.map(Configuration::best);
  }

  private Optional<List<LayerMask>> halve(List<LayerMask> masks) {
    List<LayerMask> in = masks;
    Map<LayerMask, Bounds> out = new HashMap<>();
    int rows = search.objective().rows();
    long order = random.nextLong();
    for (int share = FIRST_SHARE; share > 1 && in.size() > 1; share /= 2) {
      Optional<List<Bounds>> ranked = ranked(in, Math.max(1, rows / share), order);
      if (ranked.isEmpty()) {
        return Optional.empty();
      }
      List<Bounds> all = ranked.get();
      all.subList((all.size() + 1) / 2, all.size()).forEach(each -> out.put(each.mask(), each));
      in = in.stream().filter(mask -> !out.containsKey(mask)).toList();
    }
    left.addAll(out.values());
    return Optional.of(in);
  }

  /** Asks masks some rows, the same for all; the best first. */
  private Optional<List<Bounds>> ranked(List<LayerMask> masks, int rows, long order) {
    return search
        .ask(() -> search.objective().sample(masks, rows, order))
        .map(
            sampled ->
                sampled.stream()
                    .sorted(Comparator.comparingDouble(Bounds::accuracyAtLeast).reversed())
                    .toList());
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
