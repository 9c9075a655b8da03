package dev.tale.report;

import com.google.common.base.Ascii;
import dev.tale.document.JsonFields;
import dev.tale.model.LayerInfo;
import dev.tale.task.DataSplit;
import java.util.Optional;
import java.util.stream.Stream;

/** The origin of a result as JSON. */
final class ProvenanceJson {
  private ProvenanceJson() {}

  static JsonFields of(Provenance provenance) {
    JsonFields fields =
        new JsonFields()
            .put("taleVersion", provenance.taleVersion())
            .put("model", model(provenance))
            .put("selection", tasks(provenance.selection()))
            .put("heldOut", provenance.heldOut().map(ProvenanceJson::tasks))
            .putAny("guards", provenance.guards().stream().map(ProvenanceJson::guard).toList())
            .put("strategy", provenance.strategy())
            .put("floor", provenance.floor());
    provenance.budget().ifPresent(budget -> fields.put("layerForwardBudget", budget));
    return fields
        .put("tradeOff", provenance.tradeOff())
        .put("java", provenance.java())
        .put("operatingSystem", provenance.operatingSystem());
  }

  private static JsonFields model(Provenance provenance) {
    return new JsonFields()
        .put("name", provenance.model().name())
        .put("contentHash", provenance.model().contentHash())
        .put("runtime", provenance.model().runtime())
        .put("granularity", provenance.model().granularity().toString())
        .put("layers", provenance.model().layers().stream().map(ProvenanceJson::layer).toList());
  }

  private static JsonFields layer(LayerInfo layer) {
    return new JsonFields()
        .put("index", layer.index())
        .put("name", layer.name())
        .put("part", layer.part().toString())
        .put("layer", layer.layer())
        .put("label", layer.label())
        .put("parameters", layer.parameters())
        .put("bytes", layer.bytes());
  }

  private static JsonFields tasks(TaskSetSummary tasks) {
    Stream<JsonFields> each = tasks.tasks().stream().map(ProvenanceJson::task);
    return tasks.isWeighted()
        ? new JsonFields().put("weights", tasks.weights().toString()).put("tasks", each.toList())
        : each.findFirst().orElseThrow();
  }

  private static JsonFields guard(GuardSummary guard) {
    return task(guard.task()).put("maxDrop", guard.maxDrop());
  }

  private static JsonFields task(TaskSummary task) {
    return new JsonFields()
        .put("name", task.name())
        .put("rows", task.rows())
        .put("metric", task.metric())
        .put("contentHash", task.contentHash())
        .put(
            "dataSplit",
            Optional.of(task.dataSplit())
                .filter(split -> split != DataSplit.UNSPECIFIED)
                .map(split -> Ascii.toLowerCase(split.name())));
  }
}
