package dev.tale;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.estimate.Estimate;
import dev.tale.model.ModelInfo;
import dev.tale.policy.Choice;
import dev.tale.policy.Cost;
import dev.tale.policy.Cost.TokenCost;
import dev.tale.report.Decision;
import dev.tale.report.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes what was measured of the accepted configurations, and which one is chosen. */
final class CostFigures {
  private static final int MAX_NAMES = 60;

  private final PruneResult result;
  private final List<Entry> path;
  private final ModelInfo model;

  private CostFigures(PruneResult result) {
    this.result = result;
    this.path = result.report().path();
    this.model = result.report().provenance().model();
  }

  static String text(PruneResult result) {
    CostFigures figures = new CostFigures(result);
    return result
            .pathCosts()
            .map(figures::table)
            .orElseGet(
                () ->
                    String.format(
                        "Latency was not measured: %s.%n", result.costAttempt().missing()))
        + figures.chosen()
        + figures.apart();
  }

  /** Where a front of other rows stands beside it, what the choice goes by is said. */
  private String apart() {
    return isHeldOut() && result.pathCosts().isPresent()
        ? String.format(
            "The choice is by accuracy on the selection rows; held-out rows choose nothing.%n")
        : "";
  }

  private String table(PathCosts measured) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "Written models, one pass over %d of %d prompts of %.0f tokens%s, %s, %d threads,"
                + " median [95 %% interval]; * is on the Pareto front of %s and latency:%n",
            measured.timing().batchSize(),
            measured.prompts(),
            measured.meanTokens(),
            tokens(measured),
            measured.runtime(),
            measured.threads(),
            isHeldOut() ? "held-out accuracy" : "accuracy on the rows that chose it"));
    for (int position = 0; position < path.size(); position++) {
      text.append(line(measured, position));
    }
    if (!measured.isComplete()) {
      text.append(String.format("Not measured: %s.%n", measured.rest()));
    }
    return text.append(
            String.format(Locale.ROOT, "Measured in %.1f seconds.%n", seconds(measured.elapsed())))
        .toString();
  }

  /** Returns nothing of what was not measured. */
  private String line(PathCosts measured, int position) {
    return measured.costs().get(position).map(cost -> line(measured, position, cost)).orElse("");
  }

  private String line(PathCosts measured, int position, Cost cost) {
    Entry entry = path.get(position);
    return String.format(
        Locale.ROOT,
        "%s %-27s ms  %s times as fast  %s%,d bytes  accuracy %s  removed %s%n",
        measured.paretoFront().contains(position) ? "*" : " ",
        cost.latencySeconds().times(1e3),
        cost.speedup(),
        cost.perToken().map(CostFigures::perToken).orElse(""),
        cost.bytes(),
        accuracy(entry),
        shortened(model.removedNames(entry.mask()).toString()));
  }

  private static String perToken(TokenCost cost) {
    return String.format(Locale.ROOT, "%-27s ms a token  ", cost.seconds().times(1e3));
  }

  /** What the column of generated tokens is; nothing where there is none. */
  private static String tokens(PathCosts measured) {
    return measured.costs().stream()
        .flatMap(Optional::stream)
        .flatMap(cost -> cost.perToken().stream())
        .findFirst()
        .map(
            cost ->
                String.format(
                    ", and the mean of %d tokens generated after one prompt", cost.tokens()))
        .orElse("");
  }

  private boolean isHeldOut() {
    return !result.report().heldOut().isEmpty();
  }

  /** An accuracy never stands without the rows that it is of. */
  private String accuracy(Entry entry) {
    String figure = String.format(Locale.ROOT, "%.4f", entry.score().accuracy());
    if (entry.heldOut().isPresent()) {
      return "held-out " + figure;
    }
    return figure + " on the rows that chose it" + (isTestSplit() ? " (a test split)" : "");
  }

  private boolean isTestSplit() {
    return result.report().provenance().selection().isTestSplit();
  }

  private static String shortened(String names) {
    return names.length() <= MAX_NAMES ? names : names.substring(0, MAX_NAMES) + "...";
  }

  /** Returns what is chosen, what is nearest, or BEST where nothing can be chosen. */
  static Decision decision(PruneResult result) {
    CostFigures figures = new CostFigures(result);
    Optional<Choice> choice = figures.choice();
    Entry entry =
        choice.map(made -> figures.path.get(made.position())).orElse(result.report().best());
    return new Decision(entry, choice.map(Choice::met).orElse(false), figures.chosen().strip());
  }

  private String chosen() {
    Optional<Choice> choice = choice();
    if (choice.isEmpty()) {
      return String.format("Nothing is chosen: %s goes by what was measured.%n", result.tradeOff());
    }
    return choice.get().met()
        ? String.format(
            "Chosen by %s: without %s%n",
            result.tradeOff(), model.removedNames(path.get(choice.get().position()).mask()))
        : String.format("Nothing is chosen. %s.%n", choice.get().explanation());
  }

  /** Returns nothing if the trade-off needs what was not measured. */
  private Optional<Choice> choice() {
    return result.tradeOff().needsCosts() && result.pathCosts().isEmpty()
        ? Optional.empty()
        : Optional.of(result.choice());
  }

  static void put(ObjectNode root, PruneResult result) {
    CostFigures figures = new CostFigures(result);
    result
        .pathCosts()
        .ifPresentOrElse(
            measured -> figures.put(root.putObject("latency"), measured),
            () -> root.put("latencyMissing", result.costAttempt().missing()));
    figures.putChosen(root.putObject("chosen"));
  }

  private void put(ObjectNode node, PathCosts measured) {
    node.put("runtime", measured.runtime());
    node.put("threads", measured.threads());
    node.put("batchSize", measured.timing().batchSize());
    node.put("warmUps", measured.timing().warmUps());
    node.put("maxTurns", measured.timing().turns());
    node.put("prompts", measured.prompts());
    node.put("meanTokens", measured.meanTokens());
    node.put("seconds", seconds(measured.elapsed()));
    ArrayNode steps = node.putArray("steps");
    for (int position = 0; position < path.size(); position++) {
      put(steps.addObject(), path.get(position), measured.costs().get(position));
    }
    if (!measured.isComplete()) {
      node.put("notMeasured", measured.rest());
    }
    node.put("paretoFrontRows", isHeldOut() ? "heldOut" : "selection");
    ArrayNode front = node.putArray("paretoFront");
    measured.paretoFront().forEach(front::add);
  }

  private void put(ObjectNode node, Entry entry, Optional<Cost> cost) {
    putRemoved(node, entry);
    if (isTestSplit()) {
      node.put("chosenOnTestSplit", true);
    }
    node.put("selectionAccuracy", entry.selection().accuracy());
    entry.heldOut().ifPresent(score -> node.put("heldOutAccuracy", score.accuracy()));
    cost.ifPresent(measured -> put(node, measured));
  }

  private static void put(ObjectNode node, Cost cost) {
    put(node, "latencySeconds", cost.latencySeconds());
    put(node, "speedup", cost.speedup());
    node.put("bytes", cost.bytes());
    cost.perToken()
        .ifPresent(
            tokens -> {
              ObjectNode perToken = node.putObject("perToken");
              perToken.put("tokens", tokens.tokens());
              put(perToken, "seconds", tokens.seconds());
              put(perToken, "speedup", tokens.speedup());
            });
  }

  private static void put(ObjectNode node, String name, Estimate median) {
    ObjectNode figures = node.putObject(name);
    figures.put("median", median.value());
    figures.putArray("interval95").add(median.interval().low()).add(median.interval().high());
  }

  private static void putRemoved(ObjectNode node, Entry entry) {
    ArrayNode removed = node.putArray("removedLayers");
    entry.mask().removed().forEach(removed::add);
  }

  private void putChosen(ObjectNode node) {
    node.put("tradeOff", result.tradeOff().toString());
    node.put("rows", "selection");
    Optional<Choice> choice = choice();
    node.put("met", choice.map(Choice::met).orElse(false));
    choice.ifPresent(
        made -> {
          node.put("position", made.position());
          putRemoved(node, path.get(made.position()));
          if (!made.met()) {
            node.put("explanation", made.explanation());
          }
        });
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
