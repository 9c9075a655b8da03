package dev.tale.bench.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.bench.study.StudySearches.Found;
import dev.tale.importance.LayerScorer;
import dev.tale.importance.LayerScores;
import dev.tale.onnx.OnnxModel;
import dev.tale.task.Task;
import dev.tale.task.TaskSplit;
import java.io.IOException;
import java.util.List;

/**
 * One task of nano-llama on one draw of its rows, by every strategy, or by every strategy that
 * removes parts of layers.
 *
 * <p>What several strategies ask, the model answers once; each strategy's layer-forwards are
 * counted as if it had been alone.
 */
final class StudyRun {
  private final StudyModel model;
  private final StudyDraw draw;
  private final TaskSplit rows;
  private final ObjectNode json = new ObjectMapper().createObjectNode();
  private final StudyPhases phases = new StudyPhases();

  private StudyRun(OnnxModel model, StudyDraw draw) {
    this.model = StudyModel.of(model);
    this.draw = draw;
    this.rows = draw.rows();
    draw.putInto(json);
    json.set("settings", draw.plan().settings());
  }

  /**
   * Runs everything that removes whole layers; minutes.
   *
   * @param model left open
   */
  static ObjectNode ofLayers(OnnxModel model, StudyDraw draw) throws IOException {
    return new StudyRun(model, draw).ofLayers();
  }

  /**
   * Runs what removes attention and feed-forward parts; a minute.
   *
   * @param model by its parts, left open
   */
  static ObjectNode ofParts(OnnxModel model, StudyDraw draw) throws IOException {
    return new StudyRun(model, draw).ofParts();
  }

  private ObjectNode ofLayers() throws IOException {
    json.put("availableRows", draw.task().available());
    StudyScores scores =
        StudyScores.of(model.onnx(), rows.selection(), draw.reference(), draw.seed());
    phases.end("importance");
    search(searches(scores));
    putImportance(scores);
    phases.end("agreement");
    if (draw.plan().gates(draw.seed())) {
      json.set("gates", gates());
      phases.end("gates");
    }
    return json.set("seconds", phases.seconds());
  }

  private ObjectNode ofParts() throws IOException {
    search(StudySearches.ofParts(model.perLayer()));
    return json.set("seconds", phases.seconds());
  }

  private StudySearches searches(StudyScores scores) {
    boolean exhaustive = draw.plan().exhaustive(draw.seed());
    return StudySearches.of(model.onnx(), rows.selection(), scores, exhaustive, draw.seed());
  }

  private void search(StudySearches searches) throws IOException {
    List<Found> found = searches.run(model.remembering(), rows.selection());
    phases.end("searches");
    StudyRows.of(model, draw, found).putInto(json);
    phases.end("heldOutAndLatency");
  }

  /** What removal costs is taken from the rows that chose nothing, so that it is not the score. */
  private void putImportance(StudyScores scores) {
    Task heldOut = rows.heldOut();
    LayerScores drop = LayerScorer.leaveOneOutAccuracy().score(model.remembering(), heldOut);
    json.put("informationRows", scores.informationRows());
    ArrayNode values = json.putArray("accuracyDropOnHeldOutRows");
    drop.layers().forEach(layer -> values.add(layer.value()));
    scores.putInto(json.putArray("importance"), drop);
  }

  private ObjectNode gates() {
    return new GateSteps(
            model.onnx().scaledLayers().orElseThrow(),
            model.onnx().info().layerCount(),
            rows.selection())
        .json();
  }
}
