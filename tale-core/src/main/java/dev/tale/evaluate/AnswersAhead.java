package dev.tale.evaluate;

import dev.tale.journal.WorkUnit;
import dev.tale.model.Answer;
import dev.tale.model.LayerMask;
import dev.tale.model.PlannedWork;
import dev.tale.model.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers that a model with several machines gave before a race needed them, see {@link
 * dev.tale.model.LayeredModel#lookAhead}. The race asks as if there were none: an answer is taken
 * when its rows are due, and costs what it would have cost then. What is never taken is surplus.
 */
final class AnswersAhead {
  private final Map<LayerMask, Map<Integer, List<Response>>> responses = new HashMap<>();
  private long layerForwards;

  /** Keeps the answer to a unit. */
  void put(WorkUnit unit, Answer answer) {
    for (int mask = 0; mask < unit.masks().size(); mask++) {
      Map<Integer, List<Response>> rows =
          responses.computeIfAbsent(unit.masks().get(mask), key -> new HashMap<>());
      for (int row = 0; row < unit.rows().size(); row++) {
        rows.put(unit.rows().get(row), answer.responses().get(mask).get(row));
      }
    }
    layerForwards += UnitWork.of(unit, answer).layerForwards();
  }

  /**
   * Takes the answer to a unit, if all of it is there.
   *
   * @param cost of the unit
   */
  Optional<Answer> take(WorkUnit unit, Supplier<PlannedWork> cost) {
    if (!unit.masks().stream().allMatch(mask -> has(mask, unit.rows()))) {
      return Optional.empty();
    }
    List<List<List<Response>>> taken = new ArrayList<>();
    for (LayerMask mask : unit.masks()) {
      Map<Integer, List<Response>> rows = responses.getOrDefault(mask, Map.of());
      taken.add(unit.rows().stream().map(rows::remove).toList());
    }
    Answer answer = new Answer(taken, cost.get());
    layerForwards -= UnitWork.of(unit, answer).layerForwards();
    return Optional.of(answer);
  }

  /** Whether an answer to every one of these rows is there. */
  boolean has(LayerMask mask, List<Integer> rows) {
    return responses.getOrDefault(mask, Map.of()).keySet().containsAll(rows);
  }

  /** Layer-forwards of all that was asked ahead, less those of what was taken. */
  long surplus() {
    return layerForwards;
  }
}
