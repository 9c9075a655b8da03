package dev.tale.evaluate;

import dev.tale.journal.UnitResult;
import dev.tale.journal.WorkUnit;
import dev.tale.model.LayerMask;
import dev.tale.task.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What became of the rows of a task that were scored, by mask. */
final class KnownRows {
  private final int rows;
  private final Map<LayerMask, @Nullable Outcome[]> outcomes = new LinkedHashMap<>();

  KnownRows(int rows) {
    this.rows = rows;
  }

  void ask(List<LayerMask> masks) {
    masks.forEach(mask -> outcomes.computeIfAbsent(mask, key -> new Outcome[rows]));
  }

  /** Returns the masks that were asked. */
  Set<LayerMask> masks() {
    return outcomes.keySet();
  }

  void put(UnitResult result) {
    WorkUnit unit = result.unit();
    for (int mask = 0; mask < unit.masks().size(); mask++) {
      @Nullable Outcome[] ofMask = of(unit.masks().get(mask));
      for (int i = 0; i < unit.rows().size(); i++) {
        ofMask[unit.rows().get(i)] = result.outcomes().get(mask).get(i);
      }
    }
  }

  private @Nullable Outcome[] of(LayerMask mask) {
    return Objects.requireNonNull(outcomes.get(mask));
  }

  private boolean misses(LayerMask mask, int row) {
    @Nullable Outcome[] ofMask = outcomes.get(mask);
    return ofMask == null || ofMask[row] == null;
  }

  Outcome outcome(LayerMask mask, int row) {
    return Objects.requireNonNull(of(mask)[row]);
  }

  TaskScore score(LayerMask mask) {
    return new TaskScore(IntStream.range(0, rows).mapToObj(row -> outcome(mask, row)).toList());
  }

  /** Returns the number of rows scored under a mask. */
  int count(LayerMask mask) {
    return (int) Arrays.stream(of(mask)).filter(Objects::nonNull).count();
  }

  /** Returns rows by the masks that miss them, both in the order given. */
  Map<List<LayerMask>, List<Integer>> missing(List<LayerMask> masks, List<Integer> wanted) {
    Map<List<LayerMask>, List<Integer>> missing = new LinkedHashMap<>();
    for (int row : wanted) {
      List<LayerMask> missedBy = masks.stream().filter(mask -> misses(mask, row)).toList();
      missing.computeIfAbsent(missedBy, key -> new ArrayList<>()).add(row);
    }
    missing.remove(List.<LayerMask>of());
    return missing;
  }

  /** Returns masks by the rows that they were asked for, but not scored on; not those of none. */
  Map<List<Integer>, List<LayerMask>> spared() {
    Map<List<Integer>, List<LayerMask>> spared = new LinkedHashMap<>();
    for (LayerMask mask : outcomes.keySet()) {
      List<Integer> missed =
          IntStream.range(0, rows).filter(row -> misses(mask, row)).boxed().toList();
      spared.computeIfAbsent(missed, key -> new ArrayList<>()).add(mask);
    }
    spared.remove(List.<Integer>of());
    return spared;
  }
}
