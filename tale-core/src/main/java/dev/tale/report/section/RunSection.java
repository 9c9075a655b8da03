package dev.tale.report.section;

import dev.tale.document.Block;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.DocumentSection;
import dev.tale.model.RunStatistics;
import dev.tale.report.SearchRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The time of a run and how the model spent it, if the model counts that. */
final class RunSection {
  private RunSection() {}

  static DocumentSection of(SearchRun run) {
    List<Block> blocks = new ArrayList<>();
    run.statistics().ifPresent(statistics -> blocks.add(text(run.elapsed(), statistics)));
    run.costs()
        .ifPresent(
            costs ->
                blocks.add(
                    new Paragraph(
                        Figures.format(
                            "Latency was measured in %.1f seconds.", seconds(costs.elapsed())))));
    return new DocumentSection("run", "The run", blocks);
  }

  private static Paragraph text(Duration elapsed, RunStatistics run) {
    return new Paragraph(
        Figures.format(
            "%.1f seconds: %,d session runs, %.1f %% padding, %,d bytes in and %,d out; over all"
                + " threads encoding %.1f, feeding %.1f, running %.1f, reading %.1f seconds",
            seconds(elapsed),
            run.runs(),
            100 * run.paddingShare(),
            run.bytesIn(),
            run.bytesOut(),
            seconds(run.encoding()),
            seconds(run.feeding()),
            seconds(run.running()),
            seconds(run.reading())));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
