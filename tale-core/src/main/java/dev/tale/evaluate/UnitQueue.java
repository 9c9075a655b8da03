package dev.tale.evaluate;

import dev.tale.journal.Journal;
import dev.tale.journal.UnitResult;
import dev.tale.journal.WorkUnit;
import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.LayeredModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Units of work on their way to the model, of one task or several. All that neither the journal nor
 * the {@link AnswersAhead} know goes to the model in one call; each unit is journaled as soon as
 * its answer is there, in the order of the queue. A unit that is asked ahead is not journaled.
 */
final class UnitQueue {
  private final LayeredModel model;
  private final Journal journal;
  private final List<Pending> pending = new ArrayList<>();

  UnitQueue(LayeredModel model, Journal journal) {
    this.model = model;
    this.journal = journal;
  }

  /** Whether there is something to ask the model. */
  boolean isWaiting() {
    return !pending.isEmpty();
  }

  /** Takes a unit of a task. */
  void add(TaskEvaluator task, WorkUnit unit) {
    Optional<UnitResult> journaled = journal.find(unit);
    if (journaled.isPresent()) {
      run();
      task.accept(journaled.get(), /* journaled= */ true);
      return;
    }
    Batch batch = task.batch(unit);
    Optional<Answer> ahead = task.ahead().take(unit, () -> model.cost(batch));
    if (ahead.isPresent()) {
      run();
      record(task, unit, ahead.get());
      return;
    }
    pending.add(new Pending(task, unit, batch, answer -> record(task, unit, answer)));
  }

  /** Takes a unit that the race may need next. */
  void addAhead(TaskEvaluator task, WorkUnit unit) {
    pending.add(
        new Pending(task, unit, task.batch(unit), answer -> task.ahead().put(unit, answer)));
  }

  private void record(TaskEvaluator task, WorkUnit unit, Answer answer) {
    UnitResult result = task.result(unit, answer);
    try {
      journal.append(result);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    task.accept(result, /* journaled= */ false);
  }

  /** Asks the model all that is waiting. */
  void run() {
    List<Pending> asked = List.copyOf(pending);
    pending.clear();
    if (asked.isEmpty()) {
      return;
    }
    requireNotInterrupted(asked.get(0));
    Iterator<Pending> next = asked.iterator();
    model.answer(
        asked.stream().map(Pending::batch).toList(),
        answer -> {
          Pending answered = next.next();
          requireNotInterrupted(answered);
          answered.sink().accept(answer);
        });
  }

  private static void requireNotInterrupted(Pending before) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException(
          "Interrupted before " + before.task().describe(before.unit()));
    }
  }

  /**
   * A unit that the model is to answer.
   *
   * @param sink takes the answer
   */
  private record Pending(TaskEvaluator task, WorkUnit unit, Batch batch, Consumer<Answer> sink) {}
}
