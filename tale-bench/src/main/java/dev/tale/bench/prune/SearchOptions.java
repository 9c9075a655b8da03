package dev.tale.bench.prune;

import dev.tale.Pruner;
import dev.tale.Tale;
import dev.tale.benchmark.Tasks;
import dev.tale.policy.Floor;
import dev.tale.policy.TradeOff;
import dev.tale.search.Greedy;
import dev.tale.search.SearchStrategy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How layers are searched for, and which of what was found is written. */
final class SearchOptions {
  /** Searches, by name. */
  enum Strategy {
    GREEDY,
    BACKWARD_FORWARD,
    SPANS,
    LAST_LAYERS,
    PERPLEXITY_GREEDY,
    ISING,
    EVOLUTIONARY,
    EXHAUSTIVE
  }

  /** Rules that choose from what was explored. */
  enum Choice {
    BEST,
    BEST_SPEEDUP,
    LAST,
    KNEE
  }

  @Option(
      names = "--strategy",
      defaultValue = "GREEDY",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, TALE's).")
  private Strategy strategy = Strategy.GREEDY;

  @Option(
      names = "--racing",
      paramLabel = "DELTA,TOLERANCE",
      split = ",",
      description = "Of GREEDY: let candidates go on strong evidence, such as 0.05,0.02.")
  private double[] racing = {};

  @Option(names = "--most", paramLabel = "N", description = "Remove at most N layers.")
  private int most = Integer.MAX_VALUE;

  @Option(
      names = "--floor",
      paramLabel = "DROP",
      description = "Largest drop below the baseline's accuracy (default: ${DEFAULT-VALUE}).")
  private double floor = Floor.DEFAULT_EPSILON;

  @Option(
      names = "--trade-off",
      defaultValue = "BEST",
      description = "What is written: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Choice choice = Choice.BEST;

  @Option(
      names = "--guard",
      paramLabel = "FILE:DROP",
      description = "A described task that may not fall by more; may come several times.")
  private List<String> guards = List.of();

  @Option(
      names = "--keeping-answers",
      paramLabel = "SHARE",
      description =
          "Accept nothing that keeps less of the unpruned model's answers and of the probability of"
              + " all options, such as 0.95.")
  private @Nullable Double answers;

  @Option(names = "--seed", defaultValue = "1", description = "Of searches that draw.")
  private long seed = 1;

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description = "Where outcomes are kept (default: run.tale in --out).")
  private @Nullable Path journal;

  Pruner pruner(Path usualJournal) throws IOException {
    return withGuards(
        Tale.pruner()
            .strategy(limited(chosen(greedy())))
            .floor(floor())
            .tradeOff(tradeOff())
            .journal(journal == null ? usualJournal : journal));
  }

  private static double drop(String guard, String number) {
    try {
      return Double.parseDouble(number);
    } catch (NumberFormatException e) {
      throw new TypeConversionException(
          "--guard is " + guard + ", with " + number + " as DROP; a number of 0 to 1");
    }
  }

  private Floor floor() {
    return Floor.belowBaseline(floor);
  }

  private Pruner withGuards(Pruner pruner) throws IOException {
    if (answers != null) {
      pruner.keepingAnswers(answers);
    }
    for (String guard : guards) {
      int colon = guard.lastIndexOf(':');
      if (colon < 1) {
        throw new TypeConversionException("--guard is " + guard + "; give FILE:DROP");
      }
      double drop = drop(guard, guard.substring(colon + 1));
      pruner.guard(Tasks.fromFile(Path.of(guard.substring(0, colon))), drop);
    }
    return pruner;
  }

  /**
   * Checks that each option has an effect.
   *
   * @throws TypeConversionException with one that has none, or is out of its range
   */
  void check(TypedOptions options) {
    if (strategy != Strategy.GREEDY) {
      options.refuse("goes with --strategy GREEDY, not " + strategy, "--racing");
    }
    if (strategy != Strategy.EVOLUTIONARY && strategy != Strategy.ISING) {
      options.refuse(
          "goes with --strategy EVOLUTIONARY or ISING; " + strategy + " draws nothing", "--seed");
    }
    TypedOptions.atLeastOne("--most", most);
    TypedOptions.share("--floor", floor);
    for (double number : racing) {
      TypedOptions.share("--racing", number);
    }
    if (answers != null) {
      TypedOptions.share("--keeping-answers", answers);
    }
  }

  /** A search for a model without answers, which there is nothing to race by. */
  Pruner rehearsal() throws IOException {
    return withGuards(
        Tale.pruner().strategy(limited(chosen(SearchStrategy.greedy()))).floor(floor()));
  }

  boolean races() {
    return racing.length > 0;
  }

  private SearchStrategy chosen(SearchStrategy greedy) {
    return switch (strategy) {
      case GREEDY -> greedy;
      case BACKWARD_FORWARD -> SearchStrategy.backwardForward();
      case SPANS -> SearchStrategy.spans();
      case LAST_LAYERS -> SearchStrategy.lastLayers();
      case PERPLEXITY_GREEDY -> SearchStrategy.perplexityGreedy();
      case ISING -> SearchStrategy.ising().seed(seed);
      case EVOLUTIONARY -> SearchStrategy.evolutionary(seed);
      case EXHAUSTIVE -> SearchStrategy.exhaustive();
    };
  }

  private SearchStrategy limited(SearchStrategy chosen) {
    return most == Integer.MAX_VALUE ? chosen : chosen.removingAtMost(most);
  }

  /** The search in words. */
  @Override
  public String toString() {
    return limited(chosen(greedy())).toString();
  }

  private SearchStrategy greedy() {
    Greedy greedy = SearchStrategy.greedy();
    if (racing.length == 0) {
      return greedy;
    }
    if (racing.length != 2) {
      throw new TypeConversionException(
          "--racing has " + racing.length + " numbers; give DELTA,TOLERANCE, such as 0.05,0.02");
    }
    return greedy.racing(racing[0], racing[1]);
  }

  private TradeOff tradeOff() {
    return switch (choice) {
      case BEST -> TradeOff.best();
      case BEST_SPEEDUP -> TradeOff.bestSpeedup();
      case LAST -> TradeOff.last();
      case KNEE -> TradeOff.knee();
    };
  }
}
