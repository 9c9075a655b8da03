package dev.tale.report;

import dev.tale.document.JsonFields;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.TaskScore;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Scores as JSON: those of one task flat, those of several by task. */
record ScoreJson(Provenance provenance) {

  JsonFields of(Score score) {
    return of(score, task -> new JsonFields());
  }

  private JsonFields of(Score score, IntFunction<JsonFields> more) {
    List<TaskScore> byTask = score.byTask();
    if (!provenance.selection().isWeighted()) {
      return task(byTask.get(0)).putAll(more.apply(0));
    }
    return new JsonFields()
        .put("accuracy", score.accuracy())
        .put("interval95", score.interval())
        .put(
            "tasks",
            IntStream.range(0, byTask.size())
                .mapToObj(i -> named(i).putAll(task(byTask.get(i))).putAll(more.apply(i)))
                .toList());
  }

  Optional<JsonFields> heldOut(Configuration configuration, Looks looks) {
    return configuration
        .heldOut()
        .map(score -> of(score, task -> versusBaseline(configuration, task, looks)));
  }

  private static JsonFields versusBaseline(Configuration configuration, int task, Looks looks) {
    PairedComparison comparison = configuration.versusBaseline().get(task);
    JsonFields versus =
        new JsonFields()
            .put("gained", comparison.gained())
            .put("lost", comparison.lost())
            .put("mcNemarExactP", comparison.pValue());
    looks.adjustedP(configuration, task).ifPresent(p -> versus.put("holmP", p));
    return new JsonFields().put("versusBaseline", versus);
  }

  List<JsonFields> guards(Configuration configuration) {
    return IntStream.range(0, configuration.guards().size())
        .mapToObj(
            i ->
                new JsonFields()
                    .put("task", provenance.guards().get(i).task().name())
                    .putAll(task(configuration.guards().get(i))))
        .toList();
  }

  static JsonFields task(TaskScore score) {
    return new JsonFields()
        .put("correct", score.correct())
        .put("total", score.total())
        .put("notANumber", positive(score.notANumber()))
        .put("accuracy", score.accuracy())
        .put("wilson95", score.interval())
        .put("outcomes", score.bits());
  }

  /** Only where there are such rows. */
  static Optional<Integer> positive(int rows) {
    return Optional.of(rows).filter(count -> count > 0);
  }

  private JsonFields named(int task) {
    return new JsonFields()
        .put("task", provenance.selection().tasks().get(task).name())
        .put("weight", provenance.selection().weights().share(task));
  }
}
