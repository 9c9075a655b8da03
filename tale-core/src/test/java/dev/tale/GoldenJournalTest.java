package dev.tale;

import dev.tale.evaluate.WeightedTasks;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Decoding;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Golden;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same search writes the same bytes: how it asks the model is part of a journal's format. */
@Tag("slow")
class GoldenJournalTest {
  @TempDir Path directory;

  private static Task choices(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id ->
            Example.multipleChoice(
                name + " " + id, id % 3 == 0 ? List.of("a", "b", "c") : List.of("a", "b"), id % 2));
  }

  private static Task texts(int rows) {
    return Task.generation(
        "texts",
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.generation("text " + id, "answer " + id % 5),
        Decoding.until("\n"));
  }

  /** A search of each kind of asking. */
  enum Search {
    RACE_OF_SEVERAL_TASKS_WITH_A_GUARD {
      @Override
      void run(Path journal) throws IOException {
        Task first = choices("first", 60);
        Task second = choices("second", 40);
        Task guard = choices("guard", 10);
        Tale.pruner()
            .strategy(SearchStrategy.greedy().racing(0.2, 0.05))
            .guard(guard, 0.2)
            .heldOut(first.slice(40, 60), second.slice(30, 40))
            .journal(journal)
            .prune(
                ScriptedModel.of(5, Script.additive(3), first, second, guard),
                WeightedTasks.of(first.slice(0, 40), 2).and(second.slice(0, 30), 1));
      }
    },
    BEAM_OF_GENERATIONS {
      @Override
      void run(Path journal) throws IOException {
        Task texts = texts(40);
        Tale.pruner()
            .strategy(SearchStrategy.beam(2).removingAtMost(2))
            .journal(journal)
            .prune(ScriptedModel.of(4, Script.additive(5), texts), texts);
      }
    },
    LIKELIHOODS_WITHIN_A_BUDGET {
      @Override
      void run(Path journal) throws IOException {
        Task rows = choices("rows", 40);
        Tale.pruner()
            .strategy(SearchStrategy.perplexityGreedy().budget(30_000))
            .journal(journal)
            .prune(ScriptedModel.of(4, Script.additive(7), rows), rows);
      }
    },
    EVOLUTION {
      @Override
      void run(Path journal) throws IOException {
        Task rows = choices("rows", 40);
        Tale.pruner()
            .strategy(SearchStrategy.evolutionary(1).offspring(3).generations(2).removingAtMost(2))
            .journal(journal)
            .prune(ScriptedModel.of(5, Script.additive(9), rows), rows);
      }
    };

    abstract void run(Path journal) throws IOException;
  }

  /** Line 1 has versions and hashes, which are not the journal's own. */
  private static String records(Path journal) throws IOException {
    String all = Files.readString(journal);
    return all.substring(all.indexOf('\n') + 1);
  }

  @ParameterizedTest
  @EnumSource
  void theSameSearchWritesTheSameBytes(Search search) throws IOException {
    Path journal = directory.resolve("run.tale");
    search.run(journal);
    Golden.check(search.name().toLowerCase(Locale.ROOT) + ".tale", records(journal));
  }
}
