package dev.tale.task;

import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.Multimaps;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Shares rows out to two sides, label by label.
 *
 * <p>Implementation note: equal rows make a group that is not divided. The groups are put in a row,
 * those of one label together, labels and groups in an order that a hash of the seed and of their
 * own content gives. From the first to the last, a group goes to the side that keeps the held-out
 * rows so far closest to their share of the rows so far. Where no two rows are equal, every label
 * so has its share to within one row, and the whole has it exactly; labels of one row each, the
 * answers of arithmetic, come to a simple random sample. O(n log n).
 */
final class StratifiedSplit {
  private final String task;
  private final long seed;

  /** Creates the splitter of the rows of a task, whose name is for messages. */
  StratifiedSplit(String task, long seed) {
    this.task = task;
    this.seed = seed;
  }

  /**
   * The positions of the rows to hold out; neither all nor none.
   *
   * @throws IllegalArgumentException as {@link Task#split} says
   */
  Set<Integer> heldOut(List<RowContent> rows, double fraction) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "The held-out fraction of task "
              + task
              + " is "
              + fraction
              + "; give one between 0 and 1, such as 0.2");
    }
    List<Group> groups = ordered(rows);
    if (groups.size() < 2) {
      throw new IllegalArgumentException(
          "Task "
              + task
              + " has "
              + rows.size()
              + " rows, all equal, and equal rows stay on one side; give at least 2 different"
              + " ones");
    }
    long wanted = Math.min(Math.max(Math.round(fraction * rows.size()), 1), rows.size() - 1);
    return choose(groups, wanted, rows.size()).stream()
        .flatMap(group -> group.rows().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<Group> choose(List<Group> groups, long wanted, int rows) {
    List<Group> chosen = new ArrayList<>();
    int held = 0;
    int seen = 0;
    for (Group group : groups) {
      seen += group.size();
      double share = (double) wanted * seen / rows;
      if (share - held >= group.size() / 2.0) {
        held += group.size();
        chosen.add(group);
      }
    }
    return withoutEmptySide(groups, chosen);
  }

  /** Large groups can round one side away; the smallest group then comes closest to its share. */
  private static List<Group> withoutEmptySide(List<Group> groups, List<Group> chosen) {
    Group smallest = groups.stream().min(Comparator.comparingInt(Group::size)).orElseThrow();
    if (chosen.isEmpty()) {
      return List.of(smallest);
    }
    return chosen.size() < groups.size()
        ? chosen
        : chosen.stream().filter(group -> !group.equals(smallest)).toList();
  }

  private List<Group> ordered(List<RowContent> rows) {
    ListMultimap<RowContent, Integer> equal =
        MultimapBuilder.linkedHashKeys().arrayListValues().build();
    for (int i = 0; i < rows.size(); i++) {
      equal.put(rows.get(i), i);
    }
    return Multimaps.asMap(equal).entrySet().stream()
        .map(rowsOf -> group(rowsOf.getKey(), rowsOf.getValue()))
        .sorted(Group.ORDER)
        .toList();
  }

  private Group group(RowContent content, List<Integer> rows) {
    ContentHash label = new ContentHash().add(seed).add("label").add(content.label());
    ContentHash row = new ContentHash().add(seed).add("row");
    content.addTo(row);
    return new Group(label.toLong(), content.label(), row.toLong(), rows);
  }

  /** Positions of equal rows. */
  private record Group(long labelHash, String label, long hash, List<Integer> rows) {
    static final Comparator<Group> ORDER =
        Comparator.comparingLong(Group::labelHash)
            .thenComparing(Group::label)
            .thenComparingLong(Group::hash);

    int size() {
      return rows.size();
    }
  }
}
