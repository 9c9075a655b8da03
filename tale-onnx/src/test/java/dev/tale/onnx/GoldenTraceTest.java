package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import dev.tale.Tale;
import dev.tale.evaluate.Configuration;
import dev.tale.model.LayeredModel;
import dev.tale.model.RememberingModel;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.policy.Floor;
import dev.tale.report.Report;
import dev.tale.search.Round;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Task;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The search accepts the layers, with the counts of every candidate of every round, that an
 * independent run of the released rules in PyTorch found on the same rows ({@code
 * src/test/python/golden_trace.py}). Identical, not close.
 */
@Tag("slow")
class GoldenTraceTest {
  private static final int ROWS = 500;
  private static final Task TASK = BooleanExpressions.task(5, 2 * ROWS, 7);

  /** The floors end the search at different rounds; the rounds before are the same. */
  private static LayeredModel model;

  @BeforeAll
  static void open() throws IOException {
    model = new RememberingModel(OnnxModel.open(NanoLlama.directory()));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Report search(Floor floor) throws IOException {
    return Tale.pruner()
        .strategy(SearchStrategy.greedy().scoringAll())
        .floor(floor)
        .heldOut(TASK.slice(ROWS, 2 * ROWS))
        .prune(model, TASK.slice(0, ROWS))
        .report();
  }

  private static JsonNode golden(String file) throws IOException {
    try (InputStream in = NanoLlama.expected(file)) {
      JsonNode golden = new ObjectMapper().readTree(in);
      String model =
          MoreFiles.asByteSource(NanoLlama.directory().resolve("model.onnx"))
              .hash(Hashing.sha256())
              .toString();
      assertThat(golden.get("model_sha256").asText()).as("made with this model").isEqualTo(model);
      return golden;
    }
  }

  @Test
  void theFixedBaselineFloorFindsTheGoldenPath() throws IOException {
    requireEqual(golden("golden-trace.json"), search(Floor.belowBaseline(0.08)));
  }

  @Test
  void theCurrentModelFloorFindsTheGoldenPath() throws IOException {
    requireEqual(golden("golden-trace-current.json"), search(Floor.belowCurrent(0.02)));
  }

  private static void requireEqual(JsonNode golden, Report report) {
    List<Round> rounds = report.trajectory().rounds();
    assertThat(rounds).hasSize(golden.get("rounds").size());
    Set<Integer> removed = new HashSet<>();
    for (int i = 0; i < rounds.size(); i++) {
      requireEqual(golden.get("rounds").get(i), rounds.get(i), removed);
    }
    requireEqual(golden.get("baseline"), report.baseline());
    requireEqual(golden.get("best"), report.best());
    requireEqual(golden.get("bsba"), report.bsba());
    requireEqual(golden.get("final"), report.last());
  }

  private static void requireEqual(JsonNode golden, Round round, Set<Integer> removed) {
    List<List<Integer>> expected = new ArrayList<>();
    golden
        .get("candidates")
        .forEach(
            c -> expected.add(List.of(c.get("removed_layer").asInt(), c.get("correct").asInt())));
    List<List<Integer>> found =
        round.candidates().stream()
            .map(c -> List.of(added(c, removed), c.score().correct()))
            .toList();
    assertThat(found)
        .as("layer and correct count, round %s", golden.get("round"))
        .isEqualTo(expected);
    round.accepted().ifPresent(accepted -> removed.add(added(accepted, removed)));
    assertThat(round.accepted().isPresent()).isEqualTo(!golden.get("accepted").isNull());
    if (round.accepted().isPresent()) {
      assertThat(removed).contains(golden.get("accepted").asInt());
    }
  }

  private static int added(Configuration candidate, Set<Integer> removed) {
    Set<Integer> fresh = new HashSet<>(candidate.mask().removed());
    fresh.removeAll(removed);
    assertThat(fresh).hasSize(1);
    return fresh.iterator().next();
  }

  private static void requireEqual(JsonNode golden, Configuration entry) {
    List<Integer> removed = new ArrayList<>();
    golden.get("removed_layers").forEach(layer -> removed.add(layer.asInt()));
    assertThat(entry.mask().removed()).containsExactlyInAnyOrderElementsOf(removed);
    assertThat(entry.score().correct()).isEqualTo(golden.get("correct").asInt());
    assertThat(entry.quoted().correct()).isEqualTo(golden.get("held_out_correct").asInt());
  }
}
