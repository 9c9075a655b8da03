package dev.tale.search;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Objective;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import dev.tale.task.Task;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Removes in each round what raises perplexity least (SLEB, arXiv 2402.09025): see {@link
 * SearchStrategy#perplexityGreedy}. Immutable.
 */
public final class PerplexityGreedy implements SearchStrategy {
  private final Optional<Task> texts;

  PerplexityGreedy() {
    this(Optional.empty());
  }

  private PerplexityGreedy(Optional<Task> texts) {
    this.texts = texts;
  }

  /**
   * Returns this search with the perplexity of other texts than the selection rows' right answers,
   * as the published methods take a general corpus: of the right answers of a task, for example a
   * {@link Task#generation} whose prompts are the first words of the texts and whose references are
   * the rest. The texts take part in the choice, so none may be held out; nobody checks that.
   */
  public PerplexityGreedy on(Task newTexts) {
    return new PerplexityGreedy(Optional.of(newTexts));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the model cannot say how likely a row's right answer is;
   *     the message names the row
   */
  @Override
  public Trajectory search(Objective objective, Floor floor) {
    return Exploration.of(objective, floor, this::explore);
  }

  private void explore(Exploration search) {
    Optional<Configuration> current = Optional.of(search.baseline());
    while (current.isPresent()) {
      List<LayerMask> masks = Masks.withOneLess(search.objective(), current.get().mask());
      if (masks.isEmpty()) {
        return;
      }
      double lowest = search.floor(current.get());
      current =
          search
              .ask(() -> leastFirst(search.objective(), masks))
              .flatMap(leastFirst -> search.holdInTurn(lowest, leastFirst))
              .flatMap(Round::accepted);
    }
  }

  private List<LayerMask> leastFirst(Objective objective, List<LayerMask> masks) {
    List<Double> losses =
        texts.map(t -> objective.losses(t, masks)).orElseGet(() -> objective.losses(masks));
    return IntStream.range(0, masks.size())
        .boxed()
        .sorted(Comparator.comparing(losses::get))
        .map(masks::get)
        .toList();
  }

  /** Returns the name and what the perplexity is of. */
  @Override
  public String toString() {
    return "greedy by perplexity of "
        + texts.map(t -> t.name() + " (" + t.contentHash() + ")").orElse("the right answers");
  }
}
