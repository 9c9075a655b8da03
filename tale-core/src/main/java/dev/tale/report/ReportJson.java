package dev.tale.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Refusal;
import dev.tale.journal.Work;
import dev.tale.model.LayerMask;
import dev.tale.search.Round;
import java.util.List;

/**
 * Writes a report as JSON. Field order is fixed and nothing depends on time, so equal reports give
 * equal bytes.
 *
 * <p>Format {@value #FORMAT} is for one task. A weighted set of tasks is format {@value
 * #WEIGHTED_FORMAT}: its scores have {@code interval95} and {@code tasks} where those of one task
 * have {@code correct}, {@code total}, {@code wilson95} and {@code outcomes}. Fields on guards, on
 * test splits and on rows that were not a number are there in both, where there are such. A round's
 * {@code left} are the candidates that were asked fewer rows, with bounds of their accuracy;
 * formats 1 and 2 had none. A configuration's {@code holmP} is adjusted for the comparisons beside
 * it, those of {@code steps} or those of {@code best}, {@code bsba} and {@code final}; it and
 * {@code statistics} were not in formats 1 to 4. Provenance has {@code tradeOff}, and {@code
 * layerForwardBudget} if there was one, since format 5; some of format 5 and 6 are older. {@code
 * complete}, always false, and {@code remarks} are there where a budget ended the search, or it has
 * something to say. {@code rightAnswers} are of the selection rows; formats 1 to 6 had none, and
 * the {@code paretoFront} of a result with held-out rows was by accuracy on the selection rows
 * there.
 */
final class ReportJson {
  static final int FORMAT = 7;
  static final int WEIGHTED_FORMAT = 8;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Report report;
  private final ScoreJson scores;

  private ReportJson(Report report) {
    this.report = report;
    this.scores = new ScoreJson(report.provenance());
  }

  static String write(Report report) {
    return text(new ReportJson(report).root());
  }

  private ObjectNode root() {
    ObjectNode root = JSON.createObjectNode();
    boolean weighted = report.provenance().selection().isWeighted();
    root.put("format", weighted ? WEIGHTED_FORMAT : FORMAT);
    root.set("provenance", ProvenanceJson.write(report.provenance()));
    Looks looks = Findings.looks(report);
    root.set("baseline", entry(report.baseline(), looks));
    root.set("steps", steps());
    root.set("best", entry(report.best(), looks));
    root.set("bsba", entry(report.bsba(), looks));
    root.set("final", entry(report.last(), looks));
    root.set("statistics", StatisticsJson.write(report));
    root.set("rightAnswers", RightAnswers.json(report));
    root.set("rounds", rounds());
    putRemarks(root);
    root.put("evaluations", report.evaluations());
    putWork(root, report.selectionWork());
    root.set("heldOutWork", putWork(JSON.createObjectNode(), report.heldOutWork()));
    if (!report.guards().isEmpty()) {
      root.set("guards", guards());
    }
    return root;
  }

  private void putRemarks(ObjectNode root) {
    if (!report.trajectory().complete()) {
      root.put("complete", false);
    }
    if (!report.trajectory().remarks().isEmpty()) {
      ArrayNode remarks = root.putArray("remarks");
      report.trajectory().remarks().forEach(remarks::add);
    }
  }

  private static String text(ObjectNode root) {
    try {
      String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
      return json.replace("\r\n", "\n") + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A report cannot be written as JSON", e);
    }
  }

  private ArrayNode steps() {
    ArrayNode steps = JSON.createArrayNode();
    List<Entry> accepted = report.path().stream().skip(1).toList();
    Looks looks = Looks.at(accepted);
    accepted.forEach(step -> steps.add(entry(step, looks)));
    return steps;
  }

  private ObjectNode entry(Entry entry, Looks looks) {
    ObjectNode node = JSON.createObjectNode();
    node.set("removedLayers", removed(entry.mask()));
    ArrayNode names = node.putArray("removedNames");
    report.provenance().model().removedNames(entry.mask()).forEach(names::add);
    if (report.provenance().selection().isTestSplit()) {
      node.put("chosenOnTestSplit", true);
    }
    scores.put(node, entry.selection());
    entry.heldOut().ifPresent(score -> node.set("heldOut", scores.heldOut(entry, score, looks)));
    if (!entry.guards().isEmpty()) {
      node.set("guards", scores.guards(entry));
    }
    return node;
  }

  static ArrayNode removed(LayerMask mask) {
    ArrayNode removed = JSON.createArrayNode();
    mask.removed().forEach(removed::add);
    return removed;
  }

  private ArrayNode rounds() {
    ArrayNode rounds = JSON.createArrayNode();
    report.trajectory().rounds().forEach(round -> rounds.add(round(rounds.size() + 1, round)));
    return rounds;
  }

  private ObjectNode round(int number, Round round) {
    ObjectNode node = JSON.createObjectNode();
    node.put("round", number);
    node.put("floor", round.floor());
    ArrayNode candidates = node.putArray("candidates");
    round.candidates().forEach(candidate -> candidates.add(candidate(candidate)));
    ArrayNode left = node.putArray("left");
    round.left().forEach(candidate -> left.add(left(candidate)));
    if (!report.guards().isEmpty()) {
      ArrayNode refused = node.putArray("refused");
      round.refusals().forEach(refusal -> refused.add(refusal(refusal)));
    }
    node.put("accepted", round.accepted().isPresent());
    node.set("winner", round.winner().map(winner -> removed(winner.mask())).orElse(null));
    return node;
  }

  private ObjectNode candidate(Configuration candidate) {
    ObjectNode node = JSON.createObjectNode();
    node.set("removedLayers", removed(candidate.mask()));
    return scores.put(node, candidate.score());
  }

  private static ObjectNode left(Bounds bounds) {
    ObjectNode node = JSON.createObjectNode();
    node.set("removedLayers", removed(bounds.mask()));
    node.put("correctSoFar", bounds.correct());
    ScoreJson.putNotANumber(node, bounds.notANumber());
    node.put("scored", bounds.scored());
    node.put("total", bounds.total());
    node.put("accuracyAtLeast", bounds.accuracyAtLeast());
    node.put("accuracyAtMost", bounds.accuracyAtMost());
    return node;
  }

  private static ObjectNode refusal(Refusal refusal) {
    ObjectNode node = JSON.createObjectNode();
    node.set("removedLayers", removed(refusal.mask()));
    node.put("guard", refusal.guard());
    return ScoreJson.putTask(node, refusal.score());
  }

  private ArrayNode guards() {
    ArrayNode guards = JSON.createArrayNode();
    report.guards().forEach(guard -> guards.add(guard(guard)));
    return guards;
  }

  private static ObjectNode guard(GuardScores guard) {
    ObjectNode node = JSON.createObjectNode();
    node.put("task", guard.guard().task().name());
    node.put("maxDrop", guard.guard().maxDrop());
    node.put("limit", guard.limit());
    node.set("baseline", ScoreJson.putTask(JSON.createObjectNode(), guard.path().get(0)));
    node.put("evaluations", guard.evaluations());
    return putWork(node, guard.work());
  }

  private static ObjectNode putWork(ObjectNode node, Work work) {
    node.put("rowEvaluations", work.rowEvaluations());
    node.put("naiveRowEvaluations", work.naiveRowEvaluations());
    node.put("layerForwards", work.layerForwards());
    node.put("naiveLayerForwards", work.naiveLayerForwards());
    return node;
  }
}
