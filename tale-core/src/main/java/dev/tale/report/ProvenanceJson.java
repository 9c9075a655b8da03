package dev.tale.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import dev.tale.model.LayerInfo;
import dev.tale.task.DataSplit;

/** Writes where a result comes from as JSON. */
final class ProvenanceJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  static final String TRADE_OFF = "tradeOff";

  private ProvenanceJson() {}

  static ObjectNode write(Provenance provenance) {
    ObjectNode node = JSON.objectNode();
    node.put("taleVersion", provenance.taleVersion());
    node.set("model", model(provenance));
    node.set("selection", tasks(provenance.selection()));
    provenance.heldOut().ifPresent(heldOut -> node.set("heldOut", tasks(heldOut)));
    if (!provenance.guards().isEmpty()) {
      ArrayNode guards = node.putArray("guards");
      provenance.guards().forEach(guard -> guards.add(guard(guard)));
    }
    node.put("strategy", provenance.strategy());
    node.put("floor", provenance.floor());
    provenance.budget().ifPresent(budget -> node.put("layerForwardBudget", budget));
    node.put(TRADE_OFF, provenance.tradeOff());
    node.put("java", provenance.java());
    node.put("operatingSystem", provenance.operatingSystem());
    return node;
  }

  private static ObjectNode model(Provenance provenance) {
    ObjectNode node = JSON.objectNode();
    node.put("name", provenance.model().name());
    node.put("contentHash", provenance.model().contentHash());
    node.put("runtime", provenance.model().runtime());
    node.put("granularity", provenance.model().granularity().toString());
    ArrayNode layers = node.putArray("layers");
    provenance.model().layers().forEach(layer -> layers.add(layer(layer)));
    return node;
  }

  private static ObjectNode layer(LayerInfo layer) {
    ObjectNode node = JSON.objectNode();
    node.put("index", layer.index());
    node.put("name", layer.name());
    node.put("part", layer.part().toString());
    node.put("layer", layer.layer());
    node.put("label", layer.label());
    node.put("parameters", layer.parameters());
    node.put("bytes", layer.bytes());
    return node;
  }

  private static ObjectNode tasks(TaskSetSummary tasks) {
    return tasks.isWeighted() ? weighted(tasks) : task(tasks.tasks().get(0));
  }

  private static ObjectNode weighted(TaskSetSummary tasks) {
    ObjectNode node = JSON.objectNode();
    node.put("weights", tasks.weights().toString());
    ArrayNode each = node.putArray("tasks");
    tasks.tasks().forEach(task -> each.add(task(task)));
    return node;
  }

  private static ObjectNode guard(GuardSummary guard) {
    ObjectNode node = task(guard.task());
    node.put("maxDrop", guard.maxDrop());
    return node;
  }

  private static ObjectNode task(TaskSummary task) {
    ObjectNode node = JSON.objectNode();
    node.put("name", task.name());
    node.put("rows", task.rows());
    node.put("metric", task.metric());
    node.put("contentHash", task.contentHash());
    if (task.dataSplit() != DataSplit.UNSPECIFIED) {
      node.put("dataSplit", Ascii.toLowerCase(task.dataSplit().name()));
    }
    return node;
  }
}
