package dev.tale;

import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Golden;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports and journals of one task, byte for byte as recorded. */
class GoldenReportTest {
  @TempDir Path directory;

  private final Task all =
      Task.multipleChoice(
          "rows",
          IntStream.range(0, 160).boxed().toList(),
          id -> Example.multipleChoice("row " + id, List.of("a", "b"), id % 2));

  private ScriptedModel model() {
    return ScriptedModel.of(4, Script.additive(3), all);
  }

  /** Versions, machine and the hashing of tasks are not the report's own. */
  private static String portable(PruneResult result) {
    return result
        .report()
        .toJson()
        .replaceAll(
            "\"(taleVersion|contentHash|java|operatingSystem)\" : \"[^\"]*\"", "\"$1\" : \"*\"");
  }

  private static String text(PruneResult result) {
    return result.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void aJournaledSearchWithHeldOutRows() throws IOException {
    Path journal = directory.resolve("run.tale");
    PruneResult result =
        Tale.pruner().heldOut(all.slice(80, 160)).journal(journal).prune(model(), all.slice(0, 80));
    Golden.check("report.json", portable(result));
    Golden.check("report.txt", text(result));
    String records = Files.readString(journal);
    Golden.check("journal-records.tale", records.substring(records.indexOf('\n') + 1));
  }

  @Test
  void aSearchOnSelectionRowsAlone() throws IOException {
    PruneResult result = Tale.prune(model(), all.slice(0, 80));
    Golden.check("selection-only.json", portable(result));
    Golden.check("selection-only.txt", text(result));
  }
}
