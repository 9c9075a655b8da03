package dev.tale.report.section;

import dev.tale.chart.Cell;
import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Refusal;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerMask;
import dev.tale.report.Report;
import dev.tale.search.Round;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A search's rounds as cells: a row for each round, a column for each layer. A cell is what the
 * round knows of going on without the layer: the best candidate that lacks it, or else the bounds
 * of one. In a greedy search there is one candidate for each. For a layer removed before it is what
 * the round knows of putting it back, which few strategies try. What else a candidate lacks is said
 * of it.
 */
final class RoundCells {
  private final List<Round> rounds;
  private final LayerMask baseline;
  private final List<String> names;

  RoundCells(Report report) {
    this.rounds = report.trajectory().rounds();
    this.baseline = report.baseline().mask();
    this.names = report.provenance().model().layers().stream().map(LayerInfo::name).toList();
  }

  List<List<Cell>> rows() {
    List<List<Cell>> rows = new ArrayList<>();
    LayerMask before = baseline;
    for (Round round : rounds) {
      LayerMask removed = before;
      rows.add(
          IntStream.range(0, baseline.layers())
              .mapToObj(
                  layer ->
                      removed.removes(layer) ? gone(round, removed, layer) : cell(round, layer))
              .toList());
      before = round.accepted().map(Configuration::mask).orElse(before);
    }
    return rows;
  }

  private Cell gone(Round round, LayerMask removed, int layer) {
    return round.candidates().stream()
        .filter(candidate -> putsBack(candidate.mask(), removed, layer))
        .findFirst()
        .map(candidate -> scored(round, back(layer, candidate.mask()), candidate))
        .orElse(new Cell(Cell.Kind.GONE, 0, "\u2013", names.get(layer) + " was removed before"));
  }

  private static boolean putsBack(LayerMask mask, LayerMask removed, int layer) {
    return !mask.removes(layer)
        && mask.removedCount() == removed.removedCount() - 1
        && removed.removed().containsAll(mask.removed());
  }

  private String back(int layer, LayerMask mask) {
    List<String> removed = mask.removed().stream().map(names::get).toList();
    String back = "with " + names.get(layer) + " back";
    return removed.isEmpty() ? back : back + ", without " + and(removed);
  }

  private String without(int layer, LayerMask mask) {
    List<String> others =
        mask.removed().stream().filter(other -> other != layer).map(names::get).toList();
    String without = "without " + names.get(layer);
    return others.isEmpty() ? without : without + ", besides " + and(others);
  }

  /** Returns for example {@code 1, 2 and 3}. */
  private static String and(List<String> names) {
    int last = names.size() - 1;
    return last == 0
        ? names.get(0)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }

  private Cell cell(Round round, int layer) {
    List<Configuration> without =
        round.candidates().stream().filter(c -> c.mask().removes(layer)).toList();
    if (!without.isEmpty()) {
      Configuration best = Configuration.best(without);
      return scored(round, without(layer, best.mask()), best);
    }
    return round.left().stream()
        .filter(bounds -> bounds.mask().removes(layer))
        .max(Comparator.comparingDouble(Bounds::accuracyAtMost))
        .map(bounds -> bounded(without(layer, bounds.mask()), bounds))
        .orElse(Cell.none());
  }

  private static Cell scored(Round round, String change, Configuration candidate) {
    Optional<Refusal> refusal =
        round.refusals().stream().filter(r -> r.mask().equals(candidate.mask())).findFirst();
    boolean accepted =
        round.accepted().filter(winner -> winner.mask().equals(candidate.mask())).isPresent();
    String description = change + ": " + Figures.score(candidate.score());
    return new Cell(
        accepted ? Cell.Kind.CHOSEN : refusal.isPresent() ? Cell.Kind.REFUSED : Cell.Kind.VALUE,
        candidate.score().accuracy(),
        Figures.brief(candidate.score().accuracy()),
        description + refusal.map(r -> ", refused: " + r).orElse(""));
  }

  private static Cell bounded(String change, Bounds bounds) {
    return new Cell(
        Cell.Kind.BOUNDS,
        bounds.accuracyAtMost(),
        "\u2264" + Figures.brief(bounds.accuracyAtMost()),
        Figures.format(
            "%s: between %.4f and %.4f, %d of %d rows asked",
            change,
            bounds.accuracyAtLeast(),
            bounds.accuracyAtMost(),
            bounds.scored(),
            bounds.total()));
  }
}
