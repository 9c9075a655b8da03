package dev.tale.report;

import dev.tale.document.JsonFields;
import dev.tale.estimate.Estimate;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Cost;
import dev.tale.model.RunStatistics;
import dev.tale.policy.Verdict;
import java.time.Duration;
import java.util.Optional;

/** The time, cost and choice of a run as JSON: all that depends on its machine. */
record RunJson(SearchRun run) {

  JsonFields fields() {
    JsonFields fields =
        new JsonFields()
            .put("seconds", seconds(run.elapsed()))
            .put("run", run.statistics().map(RunJson::statistics))
            .put("latency", run.costs().map(this::latency));
    if (run.costs().isEmpty()) {
      fields.put("latencyMissing", run.missing());
    }
    return fields.put("chosen", chosen());
  }

  private static JsonFields statistics(RunStatistics run) {
    return new JsonFields()
        .put("sessionRuns", run.runs())
        .put("layerForwards", run.layerForwards())
        .put("tokens", run.tokens())
        .put("paddingShare", run.paddingShare())
        .put("bytesIn", run.bytesIn())
        .put("bytesOut", run.bytesOut())
        .put("encodingSeconds", seconds(run.encoding()))
        .put("feedingSeconds", seconds(run.feeding()))
        .put("runningSeconds", seconds(run.running()))
        .put("readingSeconds", seconds(run.reading()));
  }

  private JsonFields latency(PathCosts measured) {
    return new JsonFields()
        .put("runtime", measured.runtime())
        .put("threads", measured.threads())
        .put("batchSize", measured.timing().batchSize())
        .put("warmUps", measured.timing().warmUps())
        .put("maxTurns", measured.timing().turns())
        .put("prompts", measured.prompts())
        .put("meanTokens", measured.meanTokens())
        .put("seconds", seconds(measured.elapsed()))
        .put("steps", run.path().stream().map(this::step).toList())
        .put("notMeasured", Optional.of(measured.rest()).filter(rest -> !measured.isComplete()))
        .put("paretoFrontRows", run.report().isHeldOut() ? "heldOut" : "selection")
        .put("paretoFront", measured.paretoFront());
  }

  private JsonFields step(Configuration step) {
    JsonFields fields =
        new JsonFields()
            .put("removedLayers", step.mask().removed())
            .put("chosenOnTestSplit", run.report().provenance().chosenOnTestSplit())
            .put("selectionAccuracy", step.score().accuracy())
            .put("heldOutAccuracy", step.heldOut().map(score -> score.accuracy()));
    step.cost().ifPresent(cost -> fields.putAll(cost(cost)));
    return fields;
  }

  private static JsonFields cost(Cost cost) {
    return new JsonFields()
        .put("latencySeconds", median(cost.latencySeconds()))
        .put("speedup", median(cost.speedup()))
        .put("bytes", cost.bytes())
        .put(
            "perToken",
            cost.perToken()
                .map(
                    token ->
                        new JsonFields()
                            .put("tokens", token.tokens())
                            .put("seconds", median(token.seconds()))
                            .put("speedup", median(token.speedup()))));
  }

  private static JsonFields median(Estimate median) {
    return new JsonFields().put("median", median.value()).put("interval95", median.interval());
  }

  private JsonFields chosen() {
    Optional<Verdict> verdict = run.verdict();
    return new JsonFields()
        .put("tradeOff", run.tradeOff().toString())
        .put("rows", "selection")
        .put("met", run.isMet())
        .put("position", verdict.map(Verdict::position))
        .put("removedLayers", verdict.map(made -> run.chosen().mask().removed()))
        .put("explanation", verdict.filter(made -> !made.met()).map(Verdict::explanation));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
