package dev.tale.report;

import com.google.common.base.Ascii;
import dev.tale.answers.AnswersGiven;
import dev.tale.document.JsonFields;
import dev.tale.gain.ConfigurationGain;
import dev.tale.gain.FreeBaseline;
import dev.tale.gain.GainParts;
import dev.tale.gain.GainWarning;
import dev.tale.gain.TaskGain;
import java.util.List;

/** What gains are made of as JSON: one entry a task. */
record GainJson(Report report) {

  List<JsonFields> tasks() {
    return report.gains().tasks().stream().map(this::of).toList();
  }

  private JsonFields of(TaskGain gain) {
    return new JsonFields()
        .put("task", gain.task())
        .put("rows", gain.isHeldOut() ? "heldOut" : "selection")
        .put("free", gain.free().stream().map(GainJson::of).toList())
        .put("path", gain.path().stream().map(GainJson::of).toList())
        .putAny("warnings", gain.warnings().stream().map(GainJson::of).toList());
  }

  private static JsonFields of(FreeBaseline free) {
    return new JsonFields()
        .put("kind", name(free.kind()))
        .put("selection", ScoreJson.task(free.selection()))
        .put("heldOut", free.heldOut().map(ScoreJson::task));
  }

  private static JsonFields of(ConfigurationGain found) {
    return new JsonFields()
        .put("removedLayers", found.mask().removed())
        .put("selectionAnswers", of(found.selection()))
        .put("heldOutAnswers", found.heldOut().map(GainJson::of))
        .put("lessFittedBias", found.unbiased().map(ScoreJson::task))
        .put("lessOwnLikelihood", found.withoutPrior().map(ScoreJson::task))
        .put("parts", found.parts().map(GainJson::of))
        .putAny("versusFree", found.versus().stream().map(GainJson::of).toList());
  }

  private static JsonFields of(AnswersGiven given) {
    JsonFields fields =
        new JsonFields()
            .put("rows", given.rows())
            .put("counted", given.counted())
            .put(
                "answers",
                given.shares().stream()
                    .map(
                        share ->
                            new JsonFields()
                                .put("answer", share.answer())
                                .put("given", share.given())
                                .put("right", share.right()))
                    .toList());
    if (given.mass().isPresent()) {
      fields
          .put("meanProbabilityOfOptions", given.mass().getAsDouble())
          .put("belowLikeliestToken", given.belowTop())
          .put("greedy", given.greedy())
          .put(
              "commonestLikeliestToken",
              given
                  .top()
                  .map(top -> new JsonFields().put("text", top.answer()).put("rows", top.given())));
    }
    return fields;
  }

  private static JsonFields of(GainParts parts) {
    return new JsonFields()
        .put("total", parts.total())
        .put("format", parts.format())
        .put("bias", parts.bias())
        .put("rest", parts.rest())
        .put("restInterval95", parts.restInterval());
  }

  private static JsonFields of(ConfigurationGain.Versus versus) {
    return new JsonFields()
        .put("kind", name(versus.kind()))
        .put("gained", versus.comparison().gained())
        .put("lost", versus.comparison().lost())
        .put("mcNemarExactP", versus.comparison().pValue())
        .put("holmP", versus.adjustedP());
  }

  private static JsonFields of(GainWarning warning) {
    return new JsonFields()
        .put("kind", Ascii.toLowerCase(warning.kind().name()))
        .put("removedLayers", warning.mask().removed())
        .put("value", warning.value())
        .put("limit", warning.limit())
        .put("text", warning.text());
  }

  private static String name(FreeBaseline.Kind kind) {
    return Ascii.toLowerCase(kind.name());
  }
}
