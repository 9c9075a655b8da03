package dev.tale.gain;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.TaskScore;
import dev.tale.journal.Journal;
import dev.tale.journal.Work;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelInfo;
import dev.tale.task.Task;
import java.util.List;
import java.util.Optional;

/** Questions that only an analysis of gains asks a model; the journal keeps the answers. */
final class GainQuestions {
  private final LayeredModel model;
  private final Journal journal;
  private final Progress progress;
  private Work work = Work.NONE;

  GainQuestions(LayeredModel model, Journal journal, Progress progress) {
    this.model = model;
    this.journal = journal;
    this.progress = progress;
  }

  /** Work done so far. */
  Work work() {
    return work;
  }

  ModelInfo model() {
    return model.info();
  }

  /** Contradictions between the model's files. */
  List<String> disagreements() {
    return model.warnings();
  }

  /** Scores the unpruned model on the rows of a task. */
  Optional<TaskScore> ask(Task task, String rowSet) {
    LayerMask none = LayerMask.none(model.info().layerCount());
    return ask(task, rowSet, List.of(none)).map(scores -> scores.get(0));
  }

  /**
   * Scores masks on the rows of a task.
   *
   * @param rowSet name of the rows, unique within the journal
   * @return by mask; empty if the model cannot answer a row, such as one with no text before its
   *     options
   */
  Optional<List<TaskScore>> ask(Task task, String rowSet, List<LayerMask> masks) {
    Evaluator evaluator;
    try {
      evaluator = new Evaluator(model, task, rowSet, journal, progress);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    List<Configuration> scored = evaluator.evaluate(masks);
    work = work.plus(evaluator.work());
    return Optional.of(scored.stream().map(each -> each.score().byTask().get(0)).toList());
  }
}
