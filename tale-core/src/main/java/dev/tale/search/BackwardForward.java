package dev.tale.search;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Race;
import dev.tale.evaluate.Racing;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sequential floating backward selection: see {@link SearchStrategy#backwardForward}.
 *
 * <p>It ends: for each number of removed layers the best accepted configuration so far is kept, and
 * another one only takes its place if it is strictly better, which can happen finitely often; in
 * between, a removal is tried once from each configuration.
 *
 * @see <a href="https://doi.org/10.1016/0167-8655(94)90127-9">P. Pudil et al., Floating search
 *     methods in feature selection, Pattern Recognition Letters, 1994</a>
 */
record BackwardForward() implements SearchStrategy {

  @Override
  public Trajectory search(Objective objective, Floor floor) {
    return Exploration.of(objective, floor, search -> new Walk(search).run());
  }

  @Override
  public String toString() {
    return "backward-forward, " + Racing.exact();
  }

  /** The best accepted configuration for each number of removed layers, from none on. */
  private static final class Walk {
    private final Exploration search;
    private final List<Configuration> best = new ArrayList<>();
    private final Set<LayerMask> triedRemoving = new HashSet<>();

    Walk(Exploration search) {
      this.search = search;
      best.add(search.baseline());
    }

    void run() {
      int removed = 0;
      while (removed < best.size() && !search.isOver()) {
        boolean improved =
            triedRemoving.add(best.get(removed).mask()) && remove(best.get(removed), removed + 1);
        removed = improved ? readmit(removed + 1) : removed + 1;
      }
    }

    /** Returns whether there is a new best with one more removed. */
    private boolean remove(Configuration from, int removed) {
      List<LayerMask> masks = Masks.withOneLess(search.objective(), from.mask());
      if (masks.isEmpty()) {
        return false;
      }
      boolean known = removed < best.size();
      double floor = search.floor(from);
      return known ? improve(masks, removed, floor) : extend(masks, floor);
    }

    private boolean extend(List<LayerMask> masks, double floor) {
      Optional<Configuration> accepted = search.hold(floor, race(masks)).flatMap(Round::accepted);
      accepted.ifPresent(best::add);
      return accepted.isPresent();
    }

    /** Returns the number of removed layers after as many have come back as it pays. */
    private int readmit(int removed) {
      int now = removed;
      while (now > 1
          && improve(Masks.withOneMore(best.get(now).mask()), now - 1, Double.NEGATIVE_INFINITY)) {
        now--;
      }
      return now;
    }

    private boolean improve(List<LayerMask> masks, int removed, double floor) {
      Optional<Configuration> better =
          search.holdAbove(best.get(removed), floor, race(masks)).flatMap(Round::accepted);
      better.ifPresent(found -> best.set(removed, found));
      return better.isPresent();
    }

    private Race race(List<LayerMask> masks) {
      return search.objective().race(masks, Racing.exact());
    }
  }
}
