package dev.tale.report;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PageInBrowserTest {
  @Test
  void write() throws IOException {
    PageInBrowserTest.class
        .getModule()
        .addReads(ModuleLayer.boot().findModule("java.desktop").orElseThrow());
    System.out.println(ImageIO.getReaderFormatNames().length);
    Path out = Path.of("/tmp/w/pagetmp");
    Task all =
        Reports.task(
            "boolean_expressions of a long name, " + "very ".repeat(12) + "long",
            480,
            id ->
                "not ( True and False ) or row "
                    + id
                    + " is it so, or is it not? "
                    + "word ".repeat(40));
    Task other =
        Reports.task(
            "another_task_that_is_guarded_and_has_a_name_without_a_space_anywhere_in_it",
            60,
            id -> "guard " + id);
    PruneResult result =
        Tale.pruner()
            .heldOut(all.slice(240, 480))
            .guard(other, 0.05)
            .prune(
                ScriptedModel.named(
                        "some-organisation/some-model-of-a-long-name-instruct-onnx",
                        24,
                        Script.additive(3),
                        all,
                        other)
                    .measuredBy(Reports::measure),
                all.slice(0, 240));
    LayerAnalysis analysis = Reports.analysis(24);
    result.report(
        out.resolve("single"),
        new LayerAnalysis(
            analysis.importance(),
            analysis.agreements(),
            analysis.information(),
            List.of(
                new LayerAnalysis.Missing(
                    LayerAnalysis.Kind.IMPORTANCE,
                    "gate gradient (central differences, step 0.01)",
                    "Model some-organisation/some-model offers no scaled layers, which it needs; use another measure or another runtime"))));
    Task first = Reports.task("first", 120, id -> "first " + id);
    Task second = Reports.task("second", 80, id -> "second " + id);
    Tale.pruner()
        .heldOut(first.slice(60, 120), second.slice(40, 80))
        .strategy(SearchStrategy.spans())
        .prune(
            ScriptedModel.ofParts(16, Script.additive(5), first, second)
                .measuredBy(Reports::measure),
            WeightedTasks.of(first.slice(0, 60), 2).and(second.slice(0, 40), 1))
        .report(
            out.resolve("weighted"),
            Reports.analysis(32).of("first").and(Reports.analysis(32).of("second")));
  }
}
