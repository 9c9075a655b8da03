package dev.tale;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tale.model.DataFormatException;
import dev.tale.report.WrittenResult;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Mutation;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Results that were written down, damaged and read back: they differ, or are refused. */
@Tag("slow")
class MutatedReportTest {
  private static final Duration HANG = Duration.ofSeconds(10);

  @TempDir Path directory;

  @Test
  void reports(TestReporter reporter) throws IOException {
    check(200, reporter);
  }

  @Test
  @Tag("nightly")
  void moreReports(TestReporter reporter) throws IOException {
    check(5_000, reporter);
  }

  private void check(int mutants, TestReporter reporter) throws IOException {
    Task task =
        Task.multipleChoice(
            "rows",
            IntStream.range(0, 40).boxed().toList(),
            id -> Example.multipleChoice("row " + id, List.of("a", "b"), id % 2));
    PruneResult result = Tale.prune(ScriptedModel.of(4, Script.additive(3), task), task);
    byte[] original = result.report().toJson().getBytes(UTF_8);
    long seed = System.nanoTime();
    Mutation mutation = new Mutation(seed);
    int refused = 0;
    for (int i = 0; i < mutants; i++) {
      byte[] mutant = mutation.of(original);
      Path file = Files.write(directory.resolve("report.json"), mutant);
      refused +=
          assertTimeoutPreemptively(
              HANG, () -> refused(file, result), () -> "mutant " + file + " of seed " + seed);
    }
    reporter.publishEntry(
        "reports", mutants + " mutants of seed " + seed + ", " + refused + " refused");
    assertThat(refused).isBetween(1, mutants - 1);
  }

  private static int refused(Path file, PruneResult result) throws IOException {
    try {
      WrittenResult written = WrittenResult.read(file);
      assertThat(written.inputs(result.report().provenance())).isNotNull();
      assertThat(written.figures(result.report())).isNotNull();
      return 0;
    } catch (DataFormatException e) {
      assertThat(e).hasMessageContaining(file.toString());
      return 1;
    }
  }
}
