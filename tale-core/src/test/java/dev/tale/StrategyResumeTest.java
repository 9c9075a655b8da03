package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.policy.Floor;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import dev.tale.testing.Strategies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every strategy, within a budget or not, goes on where it was interrupted. */
@Tag("slow")
class StrategyResumeTest {
  private static final int LAYERS = 5;
  private static final long BUDGET = 14_000;

  @TempDir Path directory;

  private final Task all = task("rows", 90);
  private final Task guard = task("guard", 20);

  private static Task task(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice(name + " " + id, List.of("a", "b"), id % 2));
  }

  /** Returns whether the search ended by its own rule. */
  private boolean resumes(SearchStrategy strategy, Path journal) throws IOException {
    Supplier<ScriptedModel> models = () -> ScriptedModel.of(LAYERS, Script.additive(3), all, guard);
    EveryCall.Search search =
        model ->
            Tale.pruner()
                .strategy(strategy)
                .floor(Floor.belowBaseline(0.2))
                .guard(guard, 0.1)
                .heldOut(all.slice(50, 90))
                .journal(journal)
                .prune(model, all.slice(0, 50));
    EveryCall.resumes(journal, models, search);
    return search.prune(models.get()).report().trajectory().complete();
  }

  @Test
  void theReportSaysWhatWasNotLookedAt_andWhatEndedTheSearch() throws IOException {
    ScriptedModel model = ScriptedModel.of(LAYERS, Script.additive(3), all);
    SearchStrategy strategy =
        SearchStrategy.greedy().among(Strategies.scores(LAYERS), 2).budget(BUDGET);
    PruneResult result = Tale.pruner().strategy(strategy).prune(model, all);
    assertThat(result.report().trajectory().complete()).isFalse();
    assertThat(result.report().toJson())
        .contains(
            "\"complete\" : false",
            "\"remarks\" : [ \"The search stopped early. The budget is 14,000");
    assertThat(result.toString())
        .contains("The search stopped early. The budget is 14,000 layer-forwards; ")
        .contains("Each round looked at no more than the 2 remaining layers that matter least by");
    PruneResult greedy = Tale.prune(model, all);
    assertThat(greedy.report().toJson()).doesNotContain("\"complete\"", "\"remarks\"");
  }

  @Test
  void afterAnyFailureTheResultIsTheSame() throws IOException {
    List<SearchStrategy> strategies = Strategies.all(LAYERS);
    int cut = 0;
    for (int i = 0; i < strategies.size(); i++) {
      SearchStrategy strategy = strategies.get(i);
      assertThat(resumes(strategy, directory.resolve(i + ".tale"))).isTrue();
      cut += resumes(strategy.budget(BUDGET), directory.resolve(i + " cut.tale")) ? 0 : 1;
    }
    assertThat(cut).isGreaterThan(strategies.size() / 2);
  }
}
