package dev.tale.evaluate;

import dev.tale.answers.AnswerFloor;
import dev.tale.journal.Work;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import dev.tale.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a search works on: the accuracy to keep high, of a task or a weighted set of tasks, the
 * guards that what it accepts must hold, and how far it may go: how many layers it may remove and
 * how many layer-forwards it may spend.
 *
 * <p>Scoring is for all masks at once, so that they share what they have in common; guards are for
 * one mask at a time, so that a search asks them of no candidate that would not win.
 */
public final class Objective {
  private final Evaluator evaluator;
  private final List<GuardEvaluator> guards;
  private final Optional<AnswerFloor> answers;
  private final Budget budget;
  private final int mostRemoved;

  /** Creates an objective without limits. Guards are asked in the order given. */
  public Objective(Evaluator evaluator, List<GuardEvaluator> guards) {
    this(
        evaluator,
        List.copyOf(guards),
        Optional.empty(),
        Budget.unlimited(),
        evaluator.layers() - 1);
  }

  private Objective(
      Evaluator evaluator,
      List<GuardEvaluator> guards,
      Optional<AnswerFloor> answers,
      Budget budget,
      int mostRemoved) {
    this.evaluator = evaluator;
    this.answers = answers;
    this.guards = guards;
    this.budget = budget;
    this.mostRemoved = mostRemoved;
  }

  /**
   * Returns this objective with a budget, from now on: what would exceed it is not begun, but
   * throws {@link BudgetExceededException}. Guards count too. What an answer's generation takes
   * counts in advance as if it were as long as it may be.
   *
   * @param layerForwards the most that may be spent, counted as {@link Work#layerForwards} is, at
   *     least 1
   * @throws IllegalArgumentException if it is less
   */
  public Objective within(long layerForwards) {
    if (layerForwards < 1) {
      throw new IllegalArgumentException(
          "The budget is " + layerForwards + " layer-forwards; give at least 1");
    }
    return new Objective(
        evaluator, guards, answers, budget.within(layerForwards, this::layerForwards), mostRemoved);
  }

  /**
   * Returns this objective for searches that shall remove no more than so many layers.
   *
   * @param layers at least 1
   * @throws IllegalArgumentException if it is less
   */
  public Objective removingAtMost(int layers) {
    if (layers < 1) {
      throw new IllegalArgumentException(
          "The most layers to remove are " + layers + "; give at least 1");
    }
    return new Objective(evaluator, guards, answers, budget, Math.min(mostRemoved, layers));
  }

  /** Returns this objective for searches that shall accept nothing that is under a floor. */
  public Objective keeping(AnswerFloor floor) {
    return new Objective(evaluator, guards, Optional.of(floor), budget, mostRemoved);
  }

  /** Returns the model that is searched. */
  public ModelInfo model() {
    return evaluator.model();
  }

  /** Returns where the search reports its progress. */
  public Progress progress() {
    return evaluator.progress();
  }

  /** Returns the largest number of layers, or of parts, that a search shall remove; one stays. */
  public int mostRemoved() {
    return mostRemoved;
  }

  /** Returns the layer-forwards spent so far, guards and what a journal knew included. */
  public long layerForwards() {
    return evaluator.layerForwards()
        + guards.stream().mapToLong(GuardEvaluator::layerForwards).sum();
  }

  /**
   * Returns whether there is a budget. Where one cuts a search, a larger one shall go on from
   * there: what a search asks in one call must not depend on how much is left.
   */
  public boolean hasBudget() {
    return budget.isLimited();
  }

  /**
   * Scores masks, see {@link Evaluator#evaluate}.
   *
   * @return one configuration per mask, in the order given
   * @throws BudgetExceededException if that would exceed the budget
   */
  public List<Configuration> evaluate(List<LayerMask> masks) {
    budget.require(() -> "every row under " + count(masks), () -> evaluator.cost(masks));
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
    return new Race(evaluator, masks, racing, budget);
  }

  /** Returns the number of rows that {@link #evaluate} scores under each mask, over all tasks. */
  public int rows() {
    return evaluator.tasks().tasks().stream().mapToInt(Task::size).sum();
  }

  /**
   * Scores masks on some rows only: the first ones of an order that depends on the seed and on how
   * many layers the masks remove. More rows of the same order include the fewer.
   *
   * @param masks the masks, all with the same number of removed layers
   * @param rows number of rows, in [1, {@link #rows}]
   * @param seed of the order; it must not be chosen by results
   * @return what is known of each mask, in the order given; of one that was asked the same rows and
   *     no more, the larger {@link Bounds#accuracyAtLeast} is the better
   * @throws BudgetExceededException if that would exceed the budget
   * @throws IndexOutOfBoundsException if there are not so many rows
   */
  public List<Bounds> sample(List<LayerMask> masks, int rows, long seed) {
    int removed = masks.stream().mapToInt(LayerMask::removedCount).max().orElse(0);
    List<TaskRow> order = ShuffledRows.of(evaluator.tasks(), seed, removed);
    List<TaskRow> asked = order.subList(0, rows);
    budget.require(() -> rows + " rows under " + count(masks), () -> evaluator.cost(masks, asked));
    evaluator.score(masks, asked, List.of());
    return masks.stream().map(mask -> bounds(mask, asked, order.size())).toList();
  }

  private Bounds bounds(LayerMask mask, List<TaskRow> rows, int total) {
    Contender contender = new Contender(0, mask, evaluator.tasks());
    contender.add(evaluator, rows);
    return contender.bounds(total);
  }

  /**
   * Returns the mean negative log-likelihood of the right answers per token, in nats: the logarithm
   * of their perplexity; of several tasks the weighted mean of theirs. Infinite where the model's
   * output is not a number.
   *
   * @return one loss per mask, in the order given
   * @throws BudgetExceededException if that would exceed the budget
   * @throws IllegalArgumentException if the model cannot say how likely a row's answer is; the
   *     message names the row
   */
  public List<Double> losses(List<LayerMask> masks) {
    List<Task> tasks = evaluator.tasks().tasks();
    List<TaskLoss> losses = tasks.stream().map(evaluator::loss).toList();
    List<List<Double>> byTask = losses(losses, masks);
    return IntStream.range(0, masks.size())
        .mapToObj(
            mask ->
                IntStream.range(0, tasks.size())
                    .mapToDouble(
                        task ->
                            evaluator.tasks().weights().share(task) * byTask.get(task).get(mask))
                    .sum())
        .toList();
  }

  /**
   * Returns the mean negative log-likelihood of other texts, likewise: of the right answers of a
   * task that chooses nothing otherwise.
   *
   * @return one loss per mask, in the order given
   * @throws BudgetExceededException if that would exceed the budget
   * @throws IllegalArgumentException if the model cannot say how likely a row's answer is; the
   *     message names the row
   */
  public List<Double> losses(Task texts, List<LayerMask> masks) {
    return losses(List.of(evaluator.loss(texts)), masks).get(0);
  }

  private List<List<Double>> losses(List<TaskLoss> losses, List<LayerMask> masks) {
    budget.require(
        () -> "the likelihood of the right answers under " + count(masks),
        () ->
            losses.stream()
                .map(TaskLoss::evaluator)
                .mapToLong(each -> each.cost(masks, each.allRows()))
                .sum());
    evaluator.scoreLosses(losses, masks);
    return losses.stream().map(loss -> loss.of(masks)).toList();
  }

  /**
   * Returns why a mask may not be accepted, if it may not: it is under the floor on answers, or the
   * first guard that it breaks. Scores the mask on the selection rows, where there is such a floor,
   * and on the guards' rows up to there.
   *
   * @throws BudgetExceededException if that would exceed the budget
   */
  public Optional<Refusal> refusal(LayerMask mask) {
    return answers
        .flatMap(floor -> refusal(floor, mask))
        .or(() -> guards.stream().flatMap(guard -> refusal(guard, mask)).findFirst());
  }

  private Optional<Refusal> refusal(AnswerFloor floor, LayerMask mask) {
    List<LayerMask> both = List.of(LayerMask.none(evaluator.layers()), mask);
    List<Configuration> found = evaluate(both);
    List<Task> tasks = evaluator.tasks().tasks();
    for (int task = 0; task < tasks.size(); task++) {
      TaskScore before = found.get(0).score().byTask().get(task);
      TaskScore after = found.get(1).score().byTask().get(task);
      Optional<String> broken = floor.broken(tasks.get(task), before.outcomes(), after.outcomes());
      if (broken.isPresent()) {
        return Optional.of(new Refusal(mask, tasks.get(task).name(), after, before, broken.get()));
      }
    }
    return Optional.empty();
  }

  private Stream<Refusal> refusal(GuardEvaluator guard, LayerMask mask) {
    budget.require(
        () -> "guard " + guard.guard().task().name() + " under 1 mask", () -> guard.cost(mask));
    return guard.refusal(mask).stream();
  }

  static String count(List<LayerMask> masks) {
    return masks.size() + (masks.size() == 1 ? " mask" : " masks");
  }
}
