package dev.tale.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.LayerMask;
import dev.tale.search.SearchStrategy;
import dev.tale.search.Trajectory;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnownOutcomesTest {
  private final Task task =
      Task.multipleChoice(
          "scripted",
          IntStream.range(0, 300).boxed().toList(),
          row -> Example.multipleChoice("row " + row, List.of("a", "b", "c"), row % 3));
  private final ScriptedModel model = ScriptedModel.of(8, Script.additive(5), task);
  private final Trajectory search =
      EngineRun.search(model, task, SearchStrategy.greedy().scoringAll(), Integer.MAX_VALUE)
          .result();
  private final KnownOutcomes known = new KnownOutcomes(model.info(), search);

  /** Orders of the rows depend on their number alone, so that even the shares are the same. */
  @Test
  void racesAreThoseOnTheModelItself() {
    RacingTable races = new RacingTable(known, known.task(), search);
    RacingTable expected = new RacingTable(model, task, search);
    assertThat(search.rounds()).hasSizeGreaterThan(1);
    assertThat(counted(races.exact())).isEqualTo(counted(expected.exact()));
    ObjectNode race = counted(races.row("racing", 0.05, 0.02, 20));
    assertThat(race).isEqualTo(counted(expected.row("racing", 0.05, 0.02, 20)));
    assertThat(race.get("evaluationsShare").asDouble()).isBetween(0.01, 0.99);
  }

  private static ObjectNode counted(ObjectNode race) {
    race.remove(List.of("layerForwardsUsed", "layerForwardsNaive"));
    return race;
  }

  @Test
  void whatTheSearchDidNotScoreIsRefused() {
    LayerMask most = LayerMask.of(8, 0, 1, 2, 3, 4, 5, 6);
    assertThatThrownBy(() -> known.respond(known.task().requests(0), List.of(most)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did not score");
  }
}
