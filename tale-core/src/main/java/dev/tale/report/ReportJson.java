package dev.tale.report;

import dev.tale.document.JsonFields;
import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Refusal;
import dev.tale.journal.Work;
import dev.tale.search.Round;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A report as JSON. Field order is fixed and nothing depends on time, so equal reports give equal
 * bytes.
 *
 * <p>Scores of a weighted set of tasks have {@code interval95} and {@code tasks} where those of one
 * task have {@code correct}, {@code total}, {@code wilson95} and {@code outcomes}. Fields on
 * guards, on test splits and on rows that were not a number are there where there are such. A
 * round's {@code left} are the candidates that were asked fewer rows, with bounds of their
 * accuracy. A configuration's {@code holmP} is adjusted for the comparisons beside it, those of
 * {@code steps} or those of {@code best}, {@code bsba} and {@code final}. {@code complete}, always
 * false, and {@code remarks} are there where a budget ended the search, or it has something to say.
 * {@code rightAnswers} are of the selection rows. {@code gains} say of each task what was answered,
 * what comes free, and what the gains are made of.
 */
final class ReportJson {
  static final int FORMAT = 1;
  private final Report report;
  private final ScoreJson scores;

  private ReportJson(Report report) {
    this.report = report;
    this.scores = new ScoreJson(report.provenance());
  }

  static JsonFields of(Report report) {
    return new ReportJson(report).root();
  }

  private JsonFields root() {
    Looks looks = Judgement.looks(report);
    List<Configuration> accepted = report.path().subList(1, report.path().size());
    Looks looksAtSteps = Looks.at(accepted);
    return new JsonFields()
        .put("format", FORMAT)
        .put("provenance", ProvenanceJson.of(report.provenance()))
        .put("baseline", configuration(report.baseline(), looks))
        .put("steps", accepted.stream().map(step -> configuration(step, looksAtSteps)).toList())
        .put("best", configuration(report.best(), looks))
        .put("bsba", configuration(report.bsba(), looks))
        .put("final", configuration(report.last(), looks))
        .put("statistics", new StatisticsJson(report).fields())
        .put("rightAnswers", rightAnswers())
        .putAny("gains", new GainJson(report).tasks())
        .put(
            "gainWork",
            Optional.of(report.gains().work())
                .filter(work -> work.layerForwards() > 0)
                .map(ReportJson::work))
        .put("rounds", rounds())
        .put("complete", Optional.of(report.trajectory().complete()).filter(complete -> !complete))
        .putAny("remarks", report.trajectory().remarks())
        .put("evaluations", report.evaluations())
        .putAll(work(report.selectionWork()))
        .put("heldOutWork", work(report.heldOutWork()))
        .putAny("guards", report.guards().stream().map(ReportJson::guard).toList());
  }

  private JsonFields configuration(Configuration configuration, Looks looks) {
    return new JsonFields()
        .put("removedLayers", configuration.mask().removed())
        .put("removedNames", report.removed(configuration))
        .put("chosenOnTestSplit", report.provenance().chosenOnTestSplit())
        .putAll(scores.of(configuration.score()))
        .put("heldOut", scores.heldOut(configuration, looks))
        .putAny("guards", scores.guards(configuration));
  }

  private List<JsonFields> rightAnswers() {
    List<TaskSummary> tasks = report.provenance().selection().tasks();
    return IntStream.range(0, tasks.size()).mapToObj(i -> rightAnswers(i, tasks.get(i))).toList();
  }

  private JsonFields rightAnswers(int position, TaskSummary task) {
    return new JsonFields()
        .put("task", task.name())
        .put("rows", task.rows())
        .put("commonest", task.commonest().label())
        .put("count", task.commonest().count())
        .put("oneAnswer", task.hasOneAnswer())
        .putAny("warnings", task.warnings())
        .putAny(
            "heldOutWarnings",
            report
                .provenance()
                .heldOut()
                .map(heldOut -> heldOut.tasks().get(position).warnings())
                .orElse(List.of()));
  }

  private List<JsonFields> rounds() {
    List<JsonFields> rounds = new ArrayList<>();
    report.trajectory().rounds().forEach(round -> rounds.add(round(rounds.size() + 1, round)));
    return rounds;
  }

  private JsonFields round(int number, Round round) {
    JsonFields fields =
        new JsonFields()
            .put("round", number)
            .put("floor", round.floor())
            .put("candidates", round.candidates().stream().map(this::candidate).toList())
            .put("left", round.left().stream().map(ReportJson::left).toList());
    if (!report.guards().isEmpty() || !round.refusals().isEmpty()) {
      fields.put("refused", round.refusals().stream().map(ReportJson::refusal).toList());
    }
    return fields
        .put("accepted", round.accepted().isPresent())
        .put("winner", round.winner().map(winner -> winner.mask().removed()).orElse(null));
  }

  private JsonFields candidate(Configuration candidate) {
    return new JsonFields()
        .put("removedLayers", candidate.mask().removed())
        .putAll(scores.of(candidate.score()));
  }

  private static JsonFields left(Bounds bounds) {
    return new JsonFields()
        .put("removedLayers", bounds.mask().removed())
        .put("correctSoFar", bounds.correct())
        .put("notANumber", ScoreJson.positive(bounds.notANumber()))
        .put("scored", bounds.scored())
        .put("total", bounds.total())
        .put("accuracyAtLeast", bounds.accuracyAtLeast())
        .put("accuracyAtMost", bounds.accuracyAtMost());
  }

  private static JsonFields refusal(Refusal refusal) {
    return new JsonFields()
        .put("removedLayers", refusal.mask().removed())
        .put("guard", refusal.guard())
        .put("reason", refusal.reason())
        .putAll(ScoreJson.task(refusal.score()));
  }

  private static JsonFields guard(GuardScores guard) {
    return new JsonFields()
        .put("task", guard.guard().task().name())
        .put("maxDrop", guard.guard().maxDrop())
        .put("limit", guard.limit())
        .put("baseline", ScoreJson.task(guard.path().get(0)))
        .put("evaluations", guard.evaluations())
        .putAll(work(guard.work()));
  }

  private static JsonFields work(Work work) {
    return new JsonFields()
        .put("rowEvaluations", work.rowEvaluations())
        .put("naiveRowEvaluations", work.naiveRowEvaluations())
        .put("layerForwards", work.layerForwards())
        .put("naiveLayerForwards", work.naiveLayerForwards());
  }
}
