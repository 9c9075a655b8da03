package dev.tale.report;

import com.google.common.base.Ascii;
import dev.tale.document.JsonFields;
import dev.tale.estimate.Estimate;
import dev.tale.evaluate.Configuration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The evidence for BEST, BSBA and FINAL against the baseline as JSON. */
record StatisticsJson(Report report) {

  JsonFields fields() {
    boolean heldOut = report.isHeldOut();
    JsonFields fields =
        new JsonFields()
            .put("rows", heldOut ? "heldOut" : "selection")
            .put("looks", Judgement.lookCount(report))
            .put("level", Gain.LEVEL)
            .put("power", Gain.POWER)
            .put("selectionBiasFrom", heldOut ? "heldOut rows" : "bootstrap of the selection rows");
    report
        .found()
        .forEach((name, configuration) -> fields.put(Ascii.toLowerCase(name), of(configuration)));
    return fields;
  }

  private JsonFields of(Configuration configuration) {
    Optional<Evidence> evidence = report.evidence(configuration);
    return new JsonFields()
        .put("removedLayers", configuration.mask().removed())
        .put("gains", evidence.map(found -> gains(found.byTask())).orElse(List.of()))
        .put("selectionBias", evidence.map(Evidence::selectionBias).map(StatisticsJson::bias));
  }

  private List<JsonFields> gains(List<Gain> gains) {
    return IntStream.range(0, gains.size()).mapToObj(task -> gain(task, gains.get(task))).toList();
  }

  private JsonFields gain(int task, Gain gain) {
    return new JsonFields()
        .put("task", report.provenance().selection().tasks().get(task).name())
        .put("rows", gain.rows())
        .put("gained", gain.comparison().gained())
        .put("lost", gain.comparison().lost())
        .put("difference", gain.difference())
        .put("tango95", gain.interval())
        .put("smallestDetectableGain", gain.smallest())
        .put("smallestDetectableGainAfterLooks", gain.smallestOfLooks())
        .put("withinNoise", gain.isWithinNoise());
  }

  private static JsonFields bias(Estimate bias) {
    return new JsonFields().put("estimate", bias.value()).put("interval95", bias.interval());
  }
}
