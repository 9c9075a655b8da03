package dev.tale.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.estimate.Interval;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.TaskScore;

/** Writes scores as JSON: those of one task flat, those of several by task. */
final class ScoreJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Provenance provenance;

  ScoreJson(Provenance provenance) {
    this.provenance = provenance;
  }

  ObjectNode put(ObjectNode node, Score score) {
    if (!isWeighted()) {
      return putTask(node, score.byTask().get(0));
    }
    node.put("accuracy", score.accuracy());
    putInterval(node, "interval95", score.interval());
    ArrayNode tasks = node.putArray("tasks");
    score.byTask().forEach(task -> tasks.add(putTask(named(tasks.size()), task)));
    return node;
  }

  ObjectNode heldOut(Entry entry, Score score, Looks looks) {
    ObjectNode node = put(JSON.objectNode(), score);
    for (int task = 0; task < entry.versusBaseline().size(); task++) {
      ObjectNode each = isWeighted() ? (ObjectNode) node.get("tasks").get(task) : node;
      ObjectNode versus = each.putObject("versusBaseline");
      putComparison(versus, entry.versusBaseline().get(task));
      looks.adjustedP(entry, task).ifPresent(p -> versus.put("holmP", p));
    }
    return node;
  }

  ArrayNode guards(Entry entry) {
    ArrayNode guards = JSON.arrayNode();
    for (int guard = 0; guard < entry.guards().size(); guard++) {
      ObjectNode node = guards.addObject();
      node.put("task", provenance.guards().get(guard).task().name());
      putTask(node, entry.guards().get(guard));
    }
    return guards;
  }

  static ObjectNode putTask(ObjectNode node, TaskScore score) {
    node.put("correct", score.correct());
    node.put("total", score.total());
    putNotANumber(node, score.notANumber());
    node.put("accuracy", score.accuracy());
    putInterval(node, "wilson95", score.interval());
    node.put("outcomes", score.bits());
    return node;
  }

  /** Only where there are such rows. */
  static void putNotANumber(ObjectNode node, int rows) {
    if (rows > 0) {
      node.put("notANumber", rows);
    }
  }

  private boolean isWeighted() {
    return provenance.selection().isWeighted();
  }

  private ObjectNode named(int task) {
    ObjectNode node = JSON.objectNode();
    node.put("task", provenance.selection().tasks().get(task).name());
    node.put("weight", provenance.selection().weights().share(task));
    return node;
  }

  static void putInterval(ObjectNode node, String name, Interval interval) {
    node.putArray(name).add(interval.low()).add(interval.high());
  }

  private static void putComparison(ObjectNode versus, PairedComparison comparison) {
    versus.put("gained", comparison.gained());
    versus.put("lost", comparison.lost());
    versus.put("mcNemarExactP", comparison.pValue());
  }
}
