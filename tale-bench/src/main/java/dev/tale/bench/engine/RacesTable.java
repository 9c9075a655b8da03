package dev.tale.bench.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.evaluate.Score;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.BooleanExpressions.Row;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.nano.NanoTask;
import dev.tale.search.SearchStrategy;
import dev.tale.search.Trajectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Races the rounds of one greedy search of each task of nano-llama, under many orders of the rows:
 * what share of the evaluations each rule needs, and what it costs in accuracy. A task on which the
 * whole model does not do better than one answer for all rows is named and left out: its rounds
 * rank noise.
 */
public record RacesTable(OnnxModel model, int rows, int seeds) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 7;

  /**
   * Prints the table and writes it to a file.
   *
   * @param rows of each task, or as many as it has if those are fewer
   * @param seeds under how many orders of the rows each round is raced
   */
  public static void run(int rows, int seeds, Path out) throws IOException {
    try (OnnxModel model = OnnxModel.open(NanoLlama.directory())) {
      ArrayNode table = new RacesTable(model, rows, seeds).table();
      Files.writeString(out, table.toPrettyString() + "\n");
    }
  }

  private ArrayNode table() {
    System.out.printf(
        "%-24s %-4s %5s %8s %6s  %-14s %7s %9s %9s %9s %9s%n",
        "task",
        "",
        "rows",
        "baseline",
        "rounds",
        "rule",
        "races",
        "evaluated",
        "largest",
        "not won",
        "over");
    ArrayNode table = JSON.createArrayNode();
    for (NanoTask task : NanoTask.values()) {
      ObjectNode row = row(task);
      print(row);
      table.add(row);
    }
    return table;
  }

  private ObjectNode row(NanoTask task) {
    List<Row> all = task.rows((int) Math.min(rows, task.available()), SEED);
    ObjectNode node = JSON.createObjectNode();
    node.put("task", task.toString());
    node.put("inDistribution", task.inDistribution());
    node.put("rows", all.size());
    Score baseline = EngineRun.baseline(model, task.task(all.size(), SEED)).result().get(0).score();
    double guessing = (double) commonest(all) / all.size();
    node.put("baseline", baseline.accuracy());
    node.put("commonestAnswer", guessing);
    if (baseline.interval().low() > guessing) {
      race(task, node);
    }
    return node;
  }

  private static long commonest(List<Row> rows) {
    return rows.stream()
        .collect(Collectors.groupingBy(Row::target, Collectors.counting()))
        .values()
        .stream()
        .mapToLong(Long::longValue)
        .max()
        .orElseThrow();
  }

  private void race(NanoTask task, ObjectNode node) {
    EngineRun<Trajectory> run =
        EngineRun.search(
            model,
            task.task(node.get("rows").asInt(), SEED),
            SearchStrategy.greedy().scoringAll(),
            Integer.MAX_VALUE);
    Trajectory search = run.result();
    node.put("searchSeconds", run.seconds());
    node.put("rounds", search.rounds().size());
    ArrayNode path = node.putArray("correct");
    search.path().forEach(each -> path.add(each.score().correct()));
    KnownOutcomes known = new KnownOutcomes(model.info(), search);
    RacingTable races = new RacingTable(known, known.task(), search);
    node.putArray("races")
        .add(counted(races.exact()))
        .add(counted(races.row("racing", 1e-3, 0, seeds)))
        .add(counted(races.row("racing", 0.05, 0.02, seeds)));
  }

  /** Known outcomes count no layer-forwards. */
  private static JsonNode counted(ObjectNode race) {
    return race.remove(List.of("layerForwardsUsed", "layerForwardsNaive"));
  }

  private static void print(ObjectNode row) {
    String task =
        String.format(
            Locale.ROOT,
            "%-24s %-4s %5d %8.3f",
            row.get("task").asText(),
            row.get("inDistribution").asBoolean() ? "in" : "out",
            row.get("rows").asInt(),
            row.get("baseline").asDouble());
    if (!row.has("races")) {
      System.out.printf(
          Locale.ROOT,
          "%s         left out: the commonest answer has %.3f%n",
          task,
          row.get("commonestAnswer").asDouble());
      return;
    }
    for (JsonNode race : row.get("races")) {
      System.out.printf(
          Locale.ROOT,
          "%s %6d  %-14s %7d %9.3f %9.3f %9d %9d%n",
          task,
          row.get("rounds").asInt(),
          rule(race),
          race.get("races").asInt(),
          race.get("evaluationsShare").asDouble(),
          race.get("largestLoss").asDouble(),
          race.get("racesNotWonByTheBest").asInt(),
          race.get("racesOverTolerance").asInt());
    }
  }

  private static String rule(JsonNode race) {
    return race.has("delta")
        ? race.get("delta").asText() + ", " + race.get("tolerance").asText()
        : race.get("rule").asText();
  }
}
