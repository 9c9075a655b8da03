package dev.tale.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.journal.Journal;
import dev.tale.journal.Work;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model that answers ahead changes no decision, no record of the journal and no count of work.
 */
class LookAheadTest {
  private static final int LAYERS = 7;
  private static final long SEED = 20261;

  @TempDir private Path directory;

  private static Task task(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice(name + " row " + id, List.of("a", "b"), id % 2));
  }

  private static final List<Task> TASKS = List.of(task("long", 330), task("short", 70));

  private static ScriptedModel model(long seed) {
    return ScriptedModel.of(
        LAYERS,
        (mask, row) ->
            new Random(seed + 31L * row + 7919L * mask.hashCode()).nextDouble()
                < 0.8 - 0.05 * mask.removedCount(),
        TASKS.toArray(Task[]::new));
  }

  /** What a search left behind. */
  private record Left(String journal, Work work, long surplus, int bulkCalls) {}

  private Left search(ScriptedModel model, WeightedTasks tasks, Racing racing, String name)
      throws IOException {
    Path file = directory.resolve(name);
    try (Journal journal = Journal.open(file, Map.of("run", "the same"))) {
      Evaluator evaluator = new Evaluator(model, tasks, "selection", journal, Progress.none());
      SearchStrategy strategy =
          racing instanceof Racing.Statistical rule
              ? SearchStrategy.greedy().racing(rule.delta(), rule.tolerance())
              : racing instanceof Racing.None
                  ? SearchStrategy.greedy().scoringAll()
                  : SearchStrategy.greedy();
      strategy.search(new Objective(evaluator, List.of()), Floor.belowBaseline(0.2));
      return new Left(
          Files.readString(file, StandardCharsets.ISO_8859_1),
          evaluator.work(),
          evaluator.surplusLayerForwards(),
          model.bulkCalls());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100})
  void races_lookingAhead_leaveTheSameJournal(int batches) throws IOException {
    List<WeightedTasks> sets =
        List.of(
            WeightedTasks.of(TASKS.get(0), 1),
            WeightedTasks.of(TASKS.get(0), 2).and(TASKS.get(1), 1));
    for (int set = 0; set < sets.size(); set++) {
      for (Racing racing : List.of(Racing.exact(), Racing.statistical(0.05, 0.02, 0))) {
        String name = "seed " + SEED + ", set " + set + ", " + racing.getClass().getSimpleName();
        Left expected = search(model(SEED), sets.get(set), racing, name);
        Left ahead =
            search(model(SEED).lookingAhead(batches), sets.get(set), racing, name + " ahead");
        assertThat(ahead.journal()).as(name).isEqualTo(expected.journal());
        assertThat(ahead.work()).as(name).isEqualTo(expected.work());
        assertThat(ahead.bulkCalls()).as(name).isLessThan(expected.bulkCalls());
        assertThat(expected.surplus()).as(name).isZero();
        assertThat(ahead.surplus()).as(name).isPositive();
      }
    }
  }

  @Test
  void aRoundInFull_isOneCall_whateverTheRowsAndTasks() throws IOException {
    ScriptedModel model = model(SEED);
    WeightedTasks both = WeightedTasks.of(TASKS.get(0), 2).and(TASKS.get(1), 1);
    Evaluator evaluator = new Evaluator(model, both, "selection", Journal.none(), Progress.none());
    evaluator.evaluate(IntStream.range(0, LAYERS).mapToObj(l -> LayerMask.of(LAYERS, l)).toList());
    assertThat(model.bulkCalls()).isEqualTo(1);
    assertThat(model.calls()).isEqualTo(330 / 64 + 1 + 70 / 64 + 1);
  }
}
