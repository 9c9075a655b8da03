package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.task.TaskSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The documents' examples of several tasks are this code, and it runs. */
@Tag("slow")
class DocumentedSeveralTasksTest {

  /** Expressions of one depth. */
  private static Task task(String name, int depth) {
    return Task.multipleChoice(
        name,
        BooleanExpressions.rows(depth, 80, 5),
        row ->
            Example.multipleChoice(
                row.input(), List.of("False", "True"), row.target().equals("True") ? 1 : 0));
  }

  private static PruneResult guarded(OnnxModel model, Task reviews, Task questions)
      throws IOException {
    // document guard
    TaskSplit split = reviews.split(7, 0.5);
    PruneResult result =
        Tale.pruner()
            .guard(questions, 0.01) // may lose a point of accuracy, and no more
            .heldOut(split.heldOut())
            .prune(model, split.selection());
    // document guard
    return result;
  }

  private static PruneResult weighted(OnnxModel model, TaskSplit reviews, TaskSplit questions)
      throws IOException {
    // document weighted
    PruneResult result =
        Tale.pruner()
            .heldOut(reviews.heldOut(), questions.heldOut())
            .prune(model, WeightedTasks.of(reviews.selection(), 2).and(questions.selection(), 1));
    // document weighted
    return result;
  }

  @Test
  void aGuardHolds() throws IOException {
    try (OnnxModel model = OnnxModel.open(NanoLlama.directory())) {
      PruneResult result = guarded(model, task("reviews", 5), task("questions", 2));
      int allowed = result.baseline().configuration().guards().get(0).correct() - 1;
      assertThat(result.report().path())
          .hasSizeGreaterThan(1)
          .allMatch(entry -> entry.guards().get(0).correct() >= allowed);
      assertThat(result.toString()).contains("guard questions, acc, at least");
    }
  }

  @Test
  void aWeightedSetIsPruned() throws IOException {
    try (OnnxModel model = OnnxModel.open(NanoLlama.directory())) {
      PruneResult result =
          weighted(model, task("reviews", 5).split(7, 0.5), task("questions", 2).split(7, 0.5));
      assertThat(result.report().path()).hasSizeGreaterThan(1);
      assertThat(result.toString())
          .contains("0.6667 of reviews, acc: 40 selection rows, 40 held-out rows");
    }
  }

  @Test
  void areTheDocuments() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/dev/tale/onnx/DocumentedSeveralTasksTest.java"));
    String document = Files.readString(Path.of("../docs/tasks.md"));
    for (String region : List.of("guard", "weighted")) {
      String marker = "    // document " + region + "\n";
      int start = source.indexOf(marker) + marker.length();
      String code = source.substring(start, source.indexOf(marker, start)).indent(-4).strip();
      assertThat(document).contains("```java\n" + code + "\n```");
    }
  }
}
