package dev.tale.bench.quickstart;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Progress;
import dev.tale.model.ModelInfo;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows a search: a progress bar while masks are scored, one line for each round. */
public final class RoundTable implements Progress, AutoCloseable {
  private @Nullable ProgressBar bar;
  private Set<Integer> removed = Set.of();

  /** When the last event came: rows are told when the first of them are done. */
  private long before = System.nanoTime();

  public RoundTable() {
    System.out.println("round  candidates  floor   best    correct    removes layer");
  }

  @Override
  public void on(Event event) {
    if (event instanceof Rows rows) {
      step(
          rows.rowSet() + ", " + rows.masks() + " masks",
          rows.rowsDone(),
          rows.rowsTotal(),
          "rows");
    } else if (event instanceof Phase phase) {
      step(phase.name(), phase.done(), phase.total(), phase.unit());
    } else if (event instanceof Round round) {
      line(round);
    }
  }

  private void step(String name, long done, long total, String unit) {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(total)
              .setUnit(" " + unit, 1)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .startsFrom(0, Duration.ofNanos(done > 0 ? System.nanoTime() - before : 0))
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .clearDisplayOnFinish()
              .build();
    }
    before = System.nanoTime();
    bar.stepTo(done);
    if (done == total) {
      close();
    }
  }

  private void line(Round round) {
    close();
    Configuration best = Configuration.best(round.candidates());
    System.out.printf(
        Locale.ROOT,
        "%5d  %10d  %.4f  %.4f  %4d/%-4d  %s%n",
        round.number(),
        round.candidates().size() + round.left().size(),
        round.floor(),
        best.score().accuracy(),
        best.score().correct(),
        best.score().total(),
        round.accepted().map(to -> newlyRemoved(round.model(), to)).orElse(whyNone(round)));
    round.accepted().ifPresent(to -> removed = Set.copyOf(to.mask().removed()));
  }

  private static String whyNone(Round round) {
    return round.refusals().isEmpty() ? "none: under the floor" : "none: refused by the guards";
  }

  private String newlyRemoved(ModelInfo model, Configuration accepted) {
    Set<Integer> fresh = new HashSet<>(accepted.mask().removed());
    fresh.removeAll(removed);
    return model.layers().get(fresh.iterator().next()).name();
  }

  /** Ends the progress bar, if one is shown. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
