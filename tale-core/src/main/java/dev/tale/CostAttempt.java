package dev.tale;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Cost;
import dev.tale.model.LatencyMeter;
import dev.tale.model.LatencyMeter.Latencies;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Request;
import dev.tale.model.Timing;
import dev.tale.model.UnsupportedModelException;
import dev.tale.policy.ParetoFront;
import dev.tale.report.PathCosts;
import dev.tale.report.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * An attempt to measure the costs of a path: where it fails, the reason is known, and nothing that
 * the search has found is lost.
 *
 * @param found the costs
 * @param missing why there are none; empty if there are
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
        positions.stream().map(i -> quoted(report.path().get(i)).withCost(costs.get(i))).toList();
    return new PathCosts(
        costs,
        part.rest(),
        ParetoFront.of(quoted).stream().map(positions::get).toList(),
        timing,
        latencies.threads(),
        latencies.runtime(),
        latencies.prompts(),
        (double) latencies.tokens() / latencies.prompts(),
        elapsed);
  }

  private static Configuration quoted(Configuration configuration) {
    return new Configuration(configuration.mask(), configuration.quoted());
  }
}
