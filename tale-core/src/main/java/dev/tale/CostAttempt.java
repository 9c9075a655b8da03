package dev.tale;

import dev.tale.evaluate.Configuration;
import dev.tale.model.LatencyMeter;
import dev.tale.model.LatencyMeter.Latencies;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Request;
import dev.tale.model.Timing;
import dev.tale.model.UnsupportedModelException;
import dev.tale.policy.Cost;
import dev.tale.policy.Option;
import dev.tale.policy.ParetoFront;
import dev.tale.report.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the configurations of a path cost, or why that is not known: that must not lose what a
 * search has found.
 *
 * @param found what was measured
 * @param missing why nothing was; empty if it was
 */
record CostAttempt(Optional<PathCosts> found, String missing) {

  static CostAttempt none(String reason) {
    return new CostAttempt(Optional.empty(), reason);
  }

  static CostAttempt of(
      LatencyMeter meter, Report report, MeasuredPart part, List<Request> requests, Timing timing) {
    long start = System.nanoTime();
    try {
      List<LayerMask> masks =
          part.positions().stream().map(i -> report.path().get(i).mask()).toList();
      Latencies latencies = meter.measure(masks, requests, timing);
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      return new CostAttempt(Optional.of(costs(latencies, report, part, timing, elapsed)), "");
    } catch (IOException
        | IllegalArgumentException
        | UnsupportedModelException
        | ModelOutputException e) {
      return none(String.valueOf(e.getMessage()));
    }
  }

  private static PathCosts costs(
      Latencies latencies, Report report, MeasuredPart part, Timing timing, Duration elapsed) {
    List<Integer> positions = part.positions();
    List<Optional<Cost>> costs =
        new ArrayList<>(Collections.nCopies(report.path().size(), Optional.empty()));
    for (int i = 0; i < positions.size(); i++) {
      costs.set(positions.get(i), Optional.of(Cost.of(latencies.models().get(i))));
    }
    List<Configuration> quoted =
        report.path().stream().map(each -> new Configuration(each.mask(), each.score())).toList();
    List<Option> options = options(quoted, costs);
    List<Option> measured = positions.stream().map(options::get).toList();
    return new PathCosts(
        costs,
        part.rest(),
        ParetoFront.of(measured).stream().map(positions::get).toList(),
        timing,
        latencies.threads(),
        latencies.runtime(),
        latencies.prompts(),
        (double) latencies.tokens() / latencies.prompts(),
        elapsed);
  }

  /** Returns what can be chosen from. */
  List<Option> options(List<Configuration> path) {
    return found
        .map(measured -> options(path, measured.costs()))
        .orElseGet(() -> path.stream().map(Option::of).toList());
  }

  private static List<Option> options(List<Configuration> path, List<Optional<Cost>> costs) {
    return IntStream.range(0, path.size())
        .mapToObj(i -> new Option(path.get(i), costs.get(i)))
        .toList();
  }
}
