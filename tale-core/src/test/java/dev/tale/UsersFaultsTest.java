package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.benchmark.Benchmark;
import dev.tale.benchmark.Tasks;
import dev.tale.evaluate.Progress;
import dev.tale.model.DataFormatException;
import dev.tale.model.Response;
import dev.tale.task.Decoding;
import dev.tale.task.Example;
import dev.tale.task.Extraction;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with rows, files and functions of users is refused, or said in the result. */
class UsersFaultsTest {
  @TempDir Path folder;

  private static Task task(int rows, String end) {
    return Task.multipleChoice(
        "rows",
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice("row " + id + end, List.of("a", "b"), id % 2));
  }

  private static PruneResult prune(Task task) throws IOException {
    return Tale.prune(ScriptedModel.of(4, Script.additive(3), task), task);
  }

  @Test
  void nullsAreRefusedByNameWhereTheExampleIsMade() {
    assertThatThrownBy(() -> Example.multipleChoice(null, List.of("a", "b"), 0))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("The prompt is null; give a text");
    assertThatThrownBy(() -> Example.multipleChoice("p", Arrays.asList("a", null), 0))
        .hasMessage("The choice 1 is null; give a text");
    assertThatThrownBy(() -> Example.multipleContexts(Arrays.asList("a", null), "c", 0))
        .hasMessage("The prompt 1 is null; give a text");
    assertThatThrownBy(() -> Example.multipleContexts(List.of("a", "b"), null, 0))
        .hasMessage("The continuation is null; give a text");
    assertThatThrownBy(() -> Example.generation("p", null))
        .hasMessage("The reference is null; give a text");
    assertThatThrownBy(() -> Example.generation("p", "a", "b", null))
        .hasMessage("The further reference 1 is null; give a text");
  }

  @Test
  void aPositionThatIsNotThereIsRefusedWithThoseThatAre() throws IOException {
    PruneResult result = prune(task(20, "?"));
    int last = result.report().path().size() - 1;
    assertThatThrownBy(() -> result.at(77))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage(
            "There is no position 77: the path has the positions 0, the baseline, to " + last);
    assertThatThrownBy(() -> result.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void fewRepeatedAndSpaceEndedRowsAreWarnedOf() throws IOException {
    assertThat(prune(task(20, "?")).toString()).doesNotContain("Warning: the 20");
    assertThat(prune(task(20, "?")).toJson()).doesNotContain("\"warnings\" : [ \"");
    assertThat(prune(task(19, "?")).toString())
        .contains("Warning: the 19 selection rows are fewer than 20");
    Task repeated =
        Task.multipleChoice(
            "rows",
            IntStream.range(0, 40).boxed().toList(),
            id -> Example.multipleChoice("row " + Math.max(11, id), List.of("a", "b"), 0));
    assertThat(prune(repeated).toString())
        .contains(
            "Warning: the 40 selection rows have 11 that repeat an earlier one; one is there 12");
    assertThat(prune(task(20, " ")).toString())
        .contains(
            "Warning: the 20 selection rows have 20 whose prompt ends in white space, and the")
        .contains("end the prompt before the space");
    assertThat(prune(task(20, " ")).toJson()).contains("\"warnings\" : [ \"have 20 whose prompt");
  }

  @Test
  void anotherSeparatorIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("rows.csv"), "question;A;B\nx;y;z\n");
    assertThatThrownBy(() -> Benchmark.ARC_EASY.task(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("the one column question;A;B, with \";\" in it")
        .hasMessageContaining("parted by \",\"");
  }

  @Test
  void aPipeOrDeviceIsRefused() throws IOException {
    Path device = Path.of("/dev/zero");
    Assumptions.assumeTrue(Files.exists(device), "no /dev/zero");
    for (String name : List.of("rows.jsonl", "rows.csv", "rows.parquet")) {
      Path file = Files.createSymbolicLink(folder.resolve(name), device);
      assertThatThrownBy(() -> Benchmark.ARC_EASY.task(file))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("not a file");
      Files.delete(file);
    }
    Path description = Files.createSymbolicLink(folder.resolve("task.yaml"), device);
    assertThatThrownBy(() -> Tasks.fromFile(description)).hasMessageContaining("not a file");
    Files.delete(description);
  }

  @Test
  void rowContentInMessagesIsCut() throws IOException {
    String content = "c".repeat(100_000);
    for (String row :
        List.of(
            "{\"question\": \"q\", \"choices\": {\"text\": [\"%s\", \"b\"], \"label\": [\"A\","
                + " \"B\"]}, \"answerKey\": \"%s\"}",
            "{\"id\": \"%s\", \"%s\": 1}",
            "{\"question\": \"q\", \"choices\": \"%s\", \"answerKey\": \"%s\"}")) {
      Path file =
          Files.writeString(folder.resolve("rows.jsonl"), row.replace("%s", content) + "\n");
      assertThatThrownBy(() -> Benchmark.ARC_EASY.task(file))
          .isInstanceOf(IOException.class)
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1500));
    }
    assertThatThrownBy(
            () ->
                Task.multipleChoice(
                    content,
                    Collections.nCopies(2, content),
                    row -> Example.multipleChoice(row, List.of(row, row), 0).withId(row)))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1500));
  }

  @Test
  void anExpressionThatExplodesIsRefusedWithTheRow() {
    Task task =
        Task.generation(
                "rows", List.of("x"), row -> Example.generation(row, "a"), Decoding.until("\n"))
            .withExtraction(Extraction.firstMatch("(a+)+(?=b)"));
    List<Response> answer =
        List.of(new Response.Generation("a".repeat(20_000), 3, Response.Generation.Stop.LENGTH));
    assertThatThrownBy(() -> task.outcome(0, answer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task rows, row 0: The expression (a+)+(?=b)");
    Task deep = task.withExtraction(Extraction.named("deep", UsersFaultsTest::deep));
    assertThatThrownBy(() -> deep.outcome(0, answer))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Task rows, row 0: a function of the task failed")
        .hasCauseInstanceOf(StackOverflowError.class);
  }

  @Test
  void noErrorLeavesASearch() {
    Task task = task(20, "?");
    Progress deep = event -> deep("");
    assertThatThrownBy(
            () ->
                Tale.pruner()
                    .listener(deep)
                    .prune(ScriptedModel.of(4, Script.additive(3), task), task))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("StackOverflowError")
        .hasCauseInstanceOf(StackOverflowError.class);
  }

  @SuppressWarnings("InfiniteRecursion") // For every text that is given to it.
  private static String deep(String text) {
    return text.isEmpty() || !text.isBlank() ? deep(text) + text : text;
  }

  @Test
  void rowsThatATaskDoesNotHave_areNamedWithThoseThatItHas() {
    Task task =
        Task.multipleChoice(
            "pairs",
            List.of(1, 2),
            row -> Example.multipleChoice("row " + row, List.of("a", "b"), 0));
    for (int row : new int[] {-1, 2}) {
      assertThatThrownBy(() -> task.requests(row))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContainingAll("pairs", "no row " + row, "0 to 1");
    }
  }

  /** Where the row has a name. */
  @Test
  void aRightChoiceThatIsNotThere_isNamedWithItsRow() {
    for (int gold : new int[] {7, 2, -1}) {
      Example row = Example.multipleChoice("p", List.of("a", "b"), gold);
      assertThatThrownBy(() -> Task.multipleChoice("t", List.of(row), each -> each))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("row 0", "gold is " + gold, "the choices are 0 to 1");
    }
  }

  @Test
  void nullsInRequestsAndReferences_areNamed() {
    assertThatThrownBy(() -> new dev.tale.model.Prompt.Text(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("text of the prompt");
    assertThatThrownBy(() -> Example.generation("p", "a", (String[]) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("further references");
  }
}
