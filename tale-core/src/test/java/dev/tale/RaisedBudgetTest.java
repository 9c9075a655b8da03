package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.policy.Floor;
import dev.tale.policy.TradeOff;
import dev.tale.report.Difference;
import dev.tale.report.WrittenResult;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import dev.tale.testing.Strategies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search that its budget ended goes on under a larger one. */
class RaisedBudgetTest {
  private static final int LAYERS = 5;
  private static final long SMALL = 9_000;

  @TempDir Path directory;

  private final Task all = task("rows", 90);
  private final Task guard = task("guard", 20);

  private static Task task(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice(name + " " + id, List.of("a", "b"), id % 2));
  }

  private Pruner pruner(SearchStrategy strategy) {
    return Tale.pruner()
        .strategy(strategy)
        .floor(Floor.belowBaseline(0.2))
        .guard(guard, 0.1)
        .heldOut(all.slice(50, 90));
  }

  private ScriptedModel model() {
    return ScriptedModel.of(LAYERS, Script.additive(3), all, guard);
  }

  private PruneResult prune(SearchStrategy strategy, Path journal) throws IOException {
    return pruner(strategy).journal(journal).prune(model(), all.slice(0, 50));
  }

  @Test
  void goesOn_repeatsNothing_andEndsAsAnUninterruptedSearch() throws IOException {
    int raised = 0;
    List<SearchStrategy> strategies = Strategies.all(LAYERS);
    for (int i = 0; i < strategies.size(); i++) {
      SearchStrategy strategy = strategies.get(i);
      Path journal = directory.resolve(i + ".tale");
      boolean small = prune(strategy.budget(SMALL), journal).report().trajectory().complete();
      for (long budget : new long[] {14_000, 25_000, 10_000_000}) {
        String later = prune(strategy.budget(budget), journal).report().toJson();
        Path fresh = directory.resolve(i + " " + budget + ".tale");
        assertThat(later)
            .as("%s, %d", strategy, budget)
            .isEqualTo(prune(strategy.budget(budget), fresh).report().toJson());
      }
      requireNothingRepeated(journal, strategy);
      raised += small ? 0 : 1;
    }
    assertThat(raised).isGreaterThan(strategies.size() / 2);
  }

  /** No row was asked twice under the same mask. */
  private static void requireNothingRepeated(Path journal, SearchStrategy strategy)
      throws IOException {
    Set<String> asked = new HashSet<>();
    List<String> lines = Files.readAllLines(journal);
    for (String line : lines.subList(1, lines.size())) {
      JsonNode unit = new ObjectMapper().readTree(line.substring(line.indexOf(' ')));
      for (JsonNode mask : unit.get("removed")) {
        for (JsonNode row : unit.get("rows")) {
          String one = unit.get("rowSet").asText() + " " + row + " without " + mask;
          assertThat(asked.add(one)).as("%s: %s", strategy, one).isTrue();
        }
      }
    }
  }

  @Test
  void withoutABudgetItGoesOnToo() throws IOException {
    Path journal = directory.resolve("run.tale");
    prune(SearchStrategy.greedy().budget(SMALL), journal);
    ScriptedModel model = model();
    PruneResult result =
        pruner(SearchStrategy.greedy()).journal(journal).prune(model, all.slice(0, 50));
    ScriptedModel fresh = model();
    PruneResult whole = pruner(SearchStrategy.greedy()).prune(fresh, all.slice(0, 50));
    assertThat(result.report().toJson()).isEqualTo(whole.report().toJson());
    assertThat(model.answered()).isLessThan(fresh.answered());
  }

  @Test
  void aReRunSaysThatTheBudgetOrTheTradeOffIsAnother() throws IOException {
    PruneResult earlier =
        pruner(SearchStrategy.greedy().budget(50_000)).prune(model(), all.slice(0, 50));
    Path report = directory.resolve("report");
    earlier.writeReport(report);
    WrittenResult written = WrittenResult.read(report.resolve("report.json"));
    WrittenResult ofModel =
        WrittenResult.ofModel(earlier.report().provenance().metadata(earlier.report().best()));
    Pruner other =
        pruner(SearchStrategy.greedy().budget(60_000)).tradeOff(TradeOff.belowBaseline(0.02));
    String tradeOff = TradeOff.belowBaseline(0.02).toString();
    assertThat(other.rerun(written, model(), all.slice(0, 50)).inputs())
        .containsExactly(
            new Difference("provenance.layerForwardBudget", "50000", "60000"),
            new Difference("provenance.tradeOff", TradeOff.best().toString(), tradeOff));
    assertThat(other.rerun(ofModel, model(), all.slice(0, 50)).inputs())
        .containsExactly(
            new Difference("tale.layerForwardBudget", "50000", "60000"),
            new Difference("tale.tradeOff", TradeOff.best().toString(), tradeOff));
  }
}
