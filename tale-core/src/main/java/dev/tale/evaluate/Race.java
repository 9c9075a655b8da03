package dev.tale.evaluate;

import com.google.common.collect.Lists;
import dev.tale.model.LayerMask;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds the best of some candidates while it scores no more rows of the others than their {@link
 * Racing} rule needs. The winner is always scored on every row. Not thread-safe.
 *
 * <p>Implementation note. Rows are asked in one {@linkplain ShuffledRows shuffled order}, the same
 * for every rule, {@value #CHUNK_ROWS} at a time; without racing all at once. After each chunk
 * those that are out of the question leave. When those that remain are complete, everyone who left
 * is held against the best of them: who is not out of the question against that one comes back,
 * catches up, and may leave again. So in the end every other candidate is certified against the
 * winner itself, however often the lead changed. Of C candidates each pair has an error of delta /
 * (C - 1), and the best candidate is in C - 1 pairs.
 */
public final class Race {
  static final int CHUNK_ROWS = 32;

  private static final Comparator<Contender> WORST_FIRST =
      Comparator.comparing(Contender::atLeast)
          .thenComparing(Contender::position, Comparator.reverseOrder());
  private static final Comparator<Contender> LEADER_LAST =
      Comparator.comparing(Contender::scored).thenComparing(WORST_FIRST);

  private final Evaluator evaluator;
  private final Budget budget;
  private final Racing racing;
  private final List<TaskRow> rows;
  private final List<Contender> contenders;
  private final Optional<PairedEvidence> evidence;

  Race(Evaluator evaluator, List<LayerMask> masks, Racing racing) {
    this(evaluator, masks, racing, Budget.unlimited());
  }

  Race(Evaluator evaluator, List<LayerMask> masks, Racing racing, Budget budget) {
    if (new HashSet<>(masks).size() != masks.size()) {
      throw new IllegalArgumentException(
          "The candidates " + masks + " repeat one; give each of them once");
    }
    this.evaluator = evaluator;
    this.budget = budget;
    this.racing = racing;
    int removed = masks.stream().mapToInt(LayerMask::removedCount).max().orElse(0);
    this.rows = ShuffledRows.of(evaluator.tasks(), racing.seed(), removed);
    this.contenders =
        IntStream.range(0, masks.size())
            .mapToObj(i -> new Contender(i, masks.get(i), evaluator.tasks()))
            .toList();
    this.evidence =
        racing instanceof Racing.Statistical rule
            ? Optional.of(new PairedEvidence(evaluator.tasks(), rows, rule, masks.size()))
            : Optional.empty();
  }

  /**
   * Races on until the best of the candidates that were not refused is certain, by the rule, and
   * scored on every row. Asked again, it costs nothing unless the winner was refused meanwhile.
   *
   * @return the winner, the first on a tie; empty if all were refused
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the journal
   *     can be resumed
   * @throws BudgetExceededException if the next rows would exceed the objective's budget
   * @throws java.io.UncheckedIOException if the journal cannot be written
   */
  public Optional<Configuration> winner() {
    do {
      runToTheEnd();
    } while (callBack());
    return best().map(this::configuration);
  }

  /**
   * Takes a candidate out, whatever it won: the race goes on among the others from where it stands.
   *
   * @throws IllegalArgumentException if the mask is not a candidate
   */
  public void refuse(LayerMask mask) {
    contenders.stream()
        .filter(contender -> contender.mask().equals(mask))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(mask + " is not a candidate of this race"))
        .refuse();
  }

  /** Returns the candidates scored on every row so far, refused ones included, in their order. */
  public List<Configuration> complete() {
    return contenders.stream().filter(this::isComplete).map(this::configuration).toList();
  }

  /** The bounds of the candidates not scored on every row so far, in their order. */
  public List<Bounds> incomplete() {
    return contenders.stream()
        .filter(contender -> !isComplete(contender))
        .map(contender -> contender.bounds(rows.size()))
        .toList();
  }

  private void runToTheEnd() {
    for (List<Contender> next = next(); !next.isEmpty(); next = next()) {
      advance(next);
      drop(next);
    }
  }

  /** Those still in that are the furthest behind, unless complete. */
  private List<Contender> next() {
    int behind = in().stream().mapToInt(Contender::scored).min().orElse(rows.size());
    return in().stream()
        .filter(contender -> !isComplete(contender) && contender.scored() == behind)
        .toList();
  }

  private void advance(List<Contender> next) {
    int from = next.get(0).scored();
    int chunk = racing instanceof Racing.None ? rows.size() : CHUNK_ROWS;
    List<TaskRow> asked = rows.subList(from, Math.min(rows.size(), from + chunk));
    List<LayerMask> masks = next.stream().map(Contender::mask).toList();
    budget.require(
        () -> "rows of a race under " + Objective.count(masks), () -> evaluator.cost(masks, asked));
    evaluator.score(masks, asked, later(from + asked.size()));
    next.forEach(contender -> contender.add(evaluator, asked));
  }

  /** The chunks after a row of the order that the model had better answer ahead. */
  private List<List<TaskRow>> later(int from) {
    int to = (int) Math.min(rows.size(), from + (long) evaluator.lookAhead() * CHUNK_ROWS);
    return Lists.partition(rows.subList(from, to), CHUNK_ROWS);
  }

  private void drop(List<Contender> next) {
    if (racing instanceof Racing.None) {
      return;
    }
    Contender surest = in().stream().max(WORST_FIRST).orElseThrow();
    Contender leader = in().stream().max(LEADER_LAST).orElseThrow();
    next.stream()
        .filter(contender -> !isComplete(contender) && contender != leader)
        .filter(contender -> surest.surelyBeats(contender) || isCertified(contender, leader))
        .forEach(Contender::leave);
  }

  /** Lets those back in that the best does not rule out; returns whether there were any. */
  private boolean callBack() {
    Optional<Contender> best = best();
    List<Contender> back =
        contenders.stream()
            .filter(Contender::isOut)
            .filter(out -> best.isEmpty() || !isCertified(out, best.get()))
            .toList();
    back.forEach(Contender::comeBack);
    return !back.isEmpty();
  }

  private boolean isCertified(Contender contender, Contender leader) {
    return leader.surelyBeats(contender)
        || evidence.map(bets -> bets.rejects(contender, leader)).orElse(false);
  }

  private List<Contender> in() {
    return contenders.stream().filter(Contender::isIn).toList();
  }

  private Optional<Contender> best() {
    return in().stream().max(WORST_FIRST);
  }

  private boolean isComplete(Contender contender) {
    return contender.scored() == rows.size();
  }

  private Configuration configuration(Contender contender) {
    return evaluator.evaluate(List.of(contender.mask())).get(0);
  }
}
