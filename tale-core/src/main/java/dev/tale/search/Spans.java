package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Racing;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;

/**
 * Removes neighbouring layers (Gromov et al., arXiv 2403.17887): see {@link SearchStrategy#spans}.
 * Immutable.
 */
public final class Spans implements SearchStrategy {
  private final Optional<Measure> measure;

  private record Measure(String name, ToDoubleBiFunction<Integer, Integer> value) {}

  Spans() {
    this(Optional.empty());
  }

  private Spans(Optional<Measure> measure) {
    this.measure = measure;
  }

  /**
   * Returns this search with the span of each length chosen by a measure, and only that one scored
   * by accuracy; the first span on a tie. The published measure is the angular distance between the
   * hidden states before and after the span.
   *
   * @param name name of the measure with every setting
   * @param value finite value by the first layer of a span and its length; the lowest span goes
   */
  public Spans by(String name, ToDoubleBiFunction<Integer, Integer> value) {
    return new Spans(Optional.of(new Measure(name, value)));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the measure of a span is not a finite number
   */
  @Override
  public Trajectory search(Objective objective, Floor floor) {
    return Exploration.of(
        objective,
        floor,
        search ->
            measure.ifPresentOrElse(
                chosen -> explore(search, chosen),
                () -> search.raceEachSize(length -> Masks.spans(search.model(), length))));
  }

  private static void explore(Exploration search, Measure measure) {
    List<LayerMask> chosen = new ArrayList<>();
    for (int length = 1; length <= search.objective().mostRemoved(); length++) {
      Masks.spans(search.model(), length).stream()
          .min(Comparator.comparingDouble(span -> value(measure, span)))
          .ifPresent(chosen::add);
    }
    search.holdEach(chosen);
  }

  private static double value(Measure measure, LayerMask span) {
    int first = span.removed().get(0);
    double value = measure.value().applyAsDouble(first, span.removedCount());
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          String.format(
              "The %s of the %d layers from %d on is %s; it must be a finite number",
              measure.name(), span.removedCount(), first, value));
    }
    return value;
  }

  /** Returns the name and every setting, for example {@code spans by accuracy, exact racing}. */
  @Override
  public String toString() {
    return "spans by " + measure.map(Measure::name).orElse("accuracy, " + Racing.exact());
  }
}
