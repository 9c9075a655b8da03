package dev.tale.task;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Solved examples that come before the row in its prompt. A row is never shown its own answer: what
 * has the same content as the row is left out, and the next one takes its place; where the pool has
 * no other, the row has a shot fewer, as a question of MMLU that is also one of its five
 * development rows.
 *
 * <p>Which shots a row gets depends on the pool, the seed and the content of the row alone: not on
 * its position, nor on the other rows, nor on the Java version. {@link Task#slice} changes none.
 */
public final class Shots {
  /*
   * Sampling: indices come from java.util.Random, whose algorithm is specified, seeded by a hash of
   * the seed and the row's content; an index that repeats or hits the row itself is drawn again.
   * Expected draws: about k where k shots are few against the pool of n, n log n at most. These are
   * not the draws of lm-evaluation-harness, where one Mersenne Twister serves all rows in their
   * order, so that leaving a row out changes the shots of all that follow.
   */
  private static final Shots NONE = new Shots("none", 0, 0, List.of());

  private final String selection;
  private final int count;
  private final long seed;
  private final List<RowContent> pool;
  private final Multiset<RowContent> copies;

  private Shots(String selection, int count, long seed, List<Example> pool) {
    this.selection = selection;
    this.count = count;
    this.seed = seed;
    this.pool = pool.stream().map(Example::content).toList();
    this.copies = HashMultiset.create(this.pool);
  }

  /** Returns no shots. */
  public static Shots none() {
    return NONE;
  }

  /**
   * Returns the first {@code count} examples of the pool, in order.
   *
   * @param count number of shots, at least 0
   * @param pool examples to show, of the task's own kind
   * @throws IllegalArgumentException if {@code count} is negative or larger than the pool, or an
   *     example cannot be shown
   */
  public static Shots first(int count, List<Example> pool) {
    return checked(new Shots("first", count, 0, pool));
  }

  /**
   * Returns {@code count} examples of the pool, drawn without replacement for every row anew.
   *
   * @param count number of shots, at least 0
   * @param seed another seed gives other shots
   * @param pool examples to draw from, of the task's own kind
   * @throws IllegalArgumentException if {@code count} is negative or larger than the pool, or an
   *     example cannot be shown
   */
  public static Shots sampled(int count, long seed, List<Example> pool) {
    return checked(new Shots("sampled", count, seed, pool));
  }

  private static Shots checked(Shots shots) {
    if (shots.count < 0 || shots.count > shots.pool.size()) {
      throw new IllegalArgumentException(
          "The number of shots is "
              + shots.count
              + ", but the pool has "
              + shots.pool.size()
              + " examples; give 0 to "
              + shots.pool.size());
    }
    for (int i = 0; i < shots.pool.size(); i++) {
      shots.pool.get(i).check("Shot " + i + " of the pool");
    }
    return shots;
  }

  /** Throws if shots are wanted and nothing is left of them besides the row itself. */
  void check(String row, RowContent content) {
    if (count > 0 && shown(content) == 0) {
      throw new IllegalArgumentException(
          row
              + ": "
              + count
              + " shots are wanted, but besides the row itself the pool has no example;"
              + " give a larger pool");
    }
  }

  /** How many shots a row has: as many as wanted, if the pool has them besides the row itself. */
  private int shown(RowContent row) {
    return Math.min(count, pool.size() - copies.count(row));
  }

  boolean isNone() {
    return this == NONE;
  }

  List<RowContent> pool() {
    return pool;
  }

  /** The shots of one row, in the order in which they are shown. */
  List<RowContent> of(RowContent row) {
    return selection.equals("sampled") ? sample(row) : firstOf(row);
  }

  private List<RowContent> firstOf(RowContent row) {
    return pool.stream().filter(shot -> !shot.equals(row)).limit(count).toList();
  }

  private List<RowContent> sample(RowContent row) {
    ContentHash hash = new ContentHash().add(seed);
    row.addTo(hash);
    Random random = new Random(hash.toLong());
    int wanted = shown(row);
    Set<Integer> drawn = new LinkedHashSet<>();
    while (drawn.size() < wanted) {
      int index = random.nextInt(pool.size());
      if (!pool.get(index).equals(row)) {
        drawn.add(index);
      }
    }
    List<RowContent> shots = new ArrayList<>(count);
    drawn.forEach(index -> shots.add(pool.get(index)));
    return shots;
  }

  void addTo(ContentHash hash) {
    hash.add(selection).add(count).add(seed).add(pool.size());
    pool.forEach(shot -> shot.addTo(hash));
  }

  @Override
  public String toString() {
    return isNone() ? selection : selection + " " + count + " of " + pool.size();
  }
}
