package dev.tale.evaluate;

import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import java.util.List;
import java.util.Optional;

/**
 * What a search works on: the accuracy to keep high, of a task or a weighted set of tasks, and the
 * guards that what it accepts must hold.
 *
 * <p>Scoring is for all masks at once, so that they share what they have in common; guards are for
 * one mask at a time, so that a search asks them of no candidate that would not win.
 */
public final class Objective {
  private final Evaluator evaluator;
  private final List<GuardEvaluator> guards;

  /** Creates an objective. Guards are asked in the order given. */
  public Objective(Evaluator evaluator, List<GuardEvaluator> guards) {
    this.evaluator = evaluator;
    this.guards = List.copyOf(guards);
  }

  /** Returns the model that is searched. */
  public ModelInfo model() {
    return evaluator.model();
  }

  /** Returns where the search reports its progress. */
  public Progress progress() {
    return evaluator.progress();
  }

  /**
   * Scores masks, see {@link Evaluator#evaluate}.
   *
   * @return one configuration per mask, in the order given
   */
  public List<Configuration> evaluate(List<LayerMask> masks) {
    return evaluator.evaluate(masks);
  }

  /**
   * Starts a race between candidates, see {@link Race}. Nothing is scored before its winner is
   * asked for.
   *
   * @param masks the candidates, without repetition; the first wins a tie
   * @throws IllegalArgumentException if a candidate is repeated
   */
  public Race race(List<LayerMask> masks, Racing racing) {
    return new Race(evaluator, masks, racing);
  }

  /**
   * Returns why a mask may not be accepted, if it may not: the first guard that it breaks. Scores
   * the mask on the guards' rows up to there.
   */
  public Optional<Refusal> refusal(LayerMask mask) {
    return guards.stream().map(guard -> guard.refusal(mask)).flatMap(Optional::stream).findFirst();
  }
}
