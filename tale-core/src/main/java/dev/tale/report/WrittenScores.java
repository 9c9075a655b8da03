package dev.tale.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Cost;
import dev.tale.evaluate.Cost.TokenCost;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.TaskScore;
import dev.tale.evaluate.Weights;
import dev.tale.model.LayerMask;
import dev.tale.task.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Reads the configurations of a result that was written as JSON. */
record WrittenScores(JsonNode root) {

  /** Throws IllegalArgumentException if a field is missing or not what it has to be. */
  Configuration configuration(JsonNode node) {
    int layers = root.at("/provenance/model/layers").size();
    List<Integer> removed = removed(node);
    return new Configuration(
        LayerMask.of(layers, removed.stream().mapToInt(Integer::intValue).toArray()),
        score(node),
        present(node.path("heldOut")).map(this::score),
        present(node.path("heldOut")).map(WrittenScores::comparisons).orElse(List.of()),
        list(node.path("guards")).stream().map(WrittenScores::task).toList(),
        cost(removed));
  }

  static List<Integer> removed(JsonNode node) {
    return list(node.path("removedLayers")).stream().map(JsonNode::asInt).toList();
  }

  private Score score(JsonNode node) {
    if (!node.has("tasks")) {
      return task(node);
    }
    String weights = root.at("/provenance/selection/weights").asText();
    return Score.of(
        list(node.path("tasks")).stream().map(WrittenScores::task).toList(),
        Weights.of(Arrays.stream(weights.split(":")).mapToDouble(Double::parseDouble).toArray()));
  }

  private static TaskScore task(JsonNode node) {
    List<Outcome> outcomes = new ArrayList<>();
    String bits = node.path("outcomes").asText();
    bits.chars().forEach(bit -> outcomes.add(new Outcome(bit == '1', "")));
    return new TaskScore(outcomes);
  }

  private static List<PairedComparison> comparisons(JsonNode heldOut) {
    List<JsonNode> tasks = heldOut.has("tasks") ? list(heldOut.path("tasks")) : List.of(heldOut);
    return tasks.stream()
        .map(task -> task.path("versusBaseline"))
        .map(
            versus ->
                new PairedComparison(
                    versus.path("gained").asInt(),
                    versus.path("lost").asInt(),
                    versus.path("mcNemarExactP").asDouble()))
        .toList();
  }

  private Optional<Cost> cost(List<Integer> removed) {
    return list(root.at("/latency/steps")).stream()
        .filter(step -> step.has("bytes") && removed(step).equals(removed))
        .findFirst()
        .map(
            step ->
                new Cost(
                    median(step.path("latencySeconds")),
                    median(step.path("speedup")),
                    step.path("bytes").asLong(),
                    present(step.path("perToken")).map(WrittenScores::perToken)));
  }

  private static TokenCost perToken(JsonNode node) {
    return new TokenCost(
        node.path("tokens").asInt(), median(node.path("seconds")), median(node.path("speedup")));
  }

  private static Estimate median(JsonNode node) {
    JsonNode interval = node.path("interval95");
    return new Estimate(
        node.path("median").asDouble(),
        new Interval(interval.path(0).asDouble(), interval.path(1).asDouble()));
  }

  private static Optional<JsonNode> present(JsonNode node) {
    return Optional.of(node).filter(found -> !found.isMissingNode());
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
