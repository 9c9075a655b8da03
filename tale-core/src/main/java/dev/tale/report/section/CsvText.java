package dev.tale.report.section;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Refusal;
import dev.tale.evaluate.Score;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import dev.tale.report.Report;
import dev.tale.search.Round;
import dev.tale.task.Outcome;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A search as CSV with a header: the unpruned model as round 0, then a line for every candidate of
 * every round. Accuracies are fractions; where nothing is known, the field is empty.
 */
final class CsvText {
  private final ModelInfo model;
  private final Map<LayerMask, Configuration> path;
  private final StringWriter text = new StringWriter();
  private final CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text);

  private CsvText(Report report) {
    this.model = report.provenance().model();
    this.path =
        report.path().stream()
            .collect(
                Collectors.toMap(Configuration::mask, Function.identity(), (first, next) -> first));
  }

  static String write(Report report) {
    return new CsvText(report).all(report);
  }

  private String all(Report report) {
    csv.writeRecord(
        "round",
        "floor",
        "removed",
        "status",
        "scored",
        "total",
        "correct",
        "accuracy",
        "low95",
        "high95",
        "at_least",
        "at_most",
        "held_out_total",
        "held_out_correct",
        "held_out_accuracy",
        "held_out_low95",
        "held_out_high95",
        "refused_by",
        "options_probability",
        "commonest_answer_share");
    scored(0, "", report.trajectory().baseline(), "baseline", Optional.empty());
    for (int round = 0; round < report.trajectory().rounds().size(); round++) {
      round(round + 1, report.trajectory().rounds().get(round));
    }
    close();
    return text.toString();
  }

  private void close() {
    try {
      csv.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void round(int number, Round round) {
    String floor = String.valueOf(round.floor());
    Map<LayerMask, Refusal> refusals =
        round.refusals().stream().collect(Collectors.toMap(Refusal::mask, Function.identity()));
    for (Configuration candidate : round.candidates()) {
      boolean accepted =
          round.accepted().filter(winner -> winner.mask().equals(candidate.mask())).isPresent();
      Optional<Refusal> refusal = Optional.ofNullable(refusals.get(candidate.mask()));
      String status = accepted ? "accepted" : refusal.isPresent() ? "refused" : "candidate";
      scored(number, floor, candidate, status, refusal);
    }
    round.left().forEach(bounds -> left(number, floor, bounds));
  }

  private void scored(
      int round, String floor, Configuration candidate, String status, Optional<Refusal> refusal) {
    Score score = candidate.score();
    boolean onPath = status.equals("accepted") || status.equals("baseline");
    Optional<Score> heldOut =
        onPath
            ? Optional.ofNullable(path.get(candidate.mask())).flatMap(Configuration::heldOut)
            : Optional.empty();
    csv.writeRecord(
        String.valueOf(round),
        floor,
        removed(candidate.mask()),
        status,
        String.valueOf(score.total()),
        String.valueOf(score.total()),
        String.valueOf(score.correct()),
        String.valueOf(score.accuracy()),
        String.valueOf(score.interval().low()),
        String.valueOf(score.interval().high()),
        "",
        "",
        heldOut.map(s -> String.valueOf(s.total())).orElse(""),
        heldOut.map(s -> String.valueOf(s.correct())).orElse(""),
        heldOut.map(s -> String.valueOf(s.accuracy())).orElse(""),
        heldOut.map(s -> String.valueOf(s.interval().low())).orElse(""),
        heldOut.map(s -> String.valueOf(s.interval().high())).orElse(""),
        refusal.map(r -> plain(r.guard())).orElse(""),
        probability(score.outcomes()),
        String.valueOf(commonestShare(score.outcomes())));
  }

  /** The mean probability of all options together; empty where there are no such options. */
  private static String probability(List<Outcome> outcomes) {
    OptionalDouble mean =
        outcomes.stream()
            .map(Outcome::options)
            .filter(Objects::nonNull)
            .mapToDouble(Outcome.Scores::mass)
            .filter(mass -> !Double.isNaN(mass))
            .average();
    return mean.isPresent() ? String.valueOf(mean.getAsDouble()) : "";
  }

  private static double commonestShare(List<Outcome> outcomes) {
    Multiset<String> answers = HashMultiset.create();
    outcomes.forEach(outcome -> answers.add(outcome.answer()));
    int most = answers.entrySet().stream().mapToInt(Multiset.Entry::getCount).max().orElse(0);
    return most / (double) outcomes.size();
  }

  private void left(int round, String floor, Bounds bounds) {
    csv.writeRecord(
        String.valueOf(round),
        floor,
        removed(bounds.mask()),
        "left",
        String.valueOf(bounds.scored()),
        String.valueOf(bounds.total()),
        String.valueOf(bounds.correct()),
        "",
        "",
        "",
        String.valueOf(bounds.accuracyAtLeast()),
        String.valueOf(bounds.accuracyAtMost()),
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "");
  }

  /** Names separated by spaces. */
  private String removed(LayerMask mask) {
    return String.join(" ", model.removedNames(mask));
  }

  /** A spreadsheet takes a text that begins like a formula for one, unless an apostrophe leads. */
  static String plain(String text) {
    return !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }
}
