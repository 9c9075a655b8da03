package dev.tale.report.section;

import dev.tale.answers.AnswersGiven;
import dev.tale.document.Block;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.Block.Warning;
import dev.tale.evaluate.Configuration;
import dev.tale.gain.ConfigurationGain;
import dev.tale.gain.FreeBaseline;
import dev.tale.gain.GainParts;
import dev.tale.gain.GainWarning;
import dev.tale.gain.TaskGain;
import dev.tale.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The gain of a configuration in parts, in sentences. */
final class GainText {
  /** Answers that are told on one line; the page has them all. */
  private static final int TOLD = 4;

  private final Report report;

  private GainText(Report report) {
    this.report = report;
  }

  /** One sentence a task for a configuration, if it is not the unpruned model. */
  static List<Block> parts(Report report, Configuration configuration) {
    GainText text = new GainText(report);
    List<Block> blocks = new ArrayList<>();
    for (TaskGain gain : report.gains().tasks()) {
      gain.of(configuration.mask())
          .flatMap(found -> found.parts().map(parts -> text.sentence(gain, found, parts)))
          .ifPresent(sentence -> blocks.add(new Paragraph(sentence)));
    }
    return blocks;
  }

  /** Two lines a task: the answers of the unpruned and of the chosen configuration. */
  static List<Block> answers(ReportContent content) {
    GainText text = new GainText(content.report());
    List<Block> blocks = new ArrayList<>();
    for (TaskGain gain : text.report.gains().tasks()) {
      blocks.add(new Paragraph(text.line(gain, "unpruned", gain.path().get(0))));
      if (!content.chosen().isBaseline()) {
        gain.of(content.chosen().mask())
            .ifPresent(found -> blocks.add(new Paragraph(text.line(gain, content.word(), found))));
      }
    }
    return blocks;
  }

  /** Warnings of every reported configuration. */
  static List<Block> warnings(Report report) {
    return warnings(report, warning -> true);
  }

  /** Warnings of one configuration. */
  static List<Block> warnings(Report report, Configuration configuration) {
    return warnings(report, warning -> warning.mask().equals(configuration.mask()));
  }

  private static List<Block> warnings(Report report, Predicate<GainWarning> wanted) {
    List<Block> blocks = new ArrayList<>();
    for (TaskGain gain : report.gains().tasks()) {
      String of = report.gains().tasks().size() > 1 ? gain.task() + ": " : "";
      gain.warnings().stream()
          .filter(wanted)
          .forEach(warning -> blocks.add(new Warning(of + warning.text())));
    }
    return blocks;
  }

  private String of(TaskGain gain) {
    return report.gains().tasks().size() > 1 ? " of " + gain.task() : "";
  }

  private String sentence(TaskGain gain, ConfigurationGain found, GainParts parts) {
    return Figures.format(
        "On %d %s rows%s: %s%s.",
        parts.rows(),
        gain.isHeldOut() ? "held-out" : "selection",
        of(gain),
        parts,
        conclusion(gain, found, parts));
  }

  private static String conclusion(TaskGain gain, ConfigurationGain found, GainParts parts) {
    boolean fitted =
        gain.free().stream().anyMatch(each -> each.kind() == FreeBaseline.Kind.FITTED_BIAS);
    if (parts.total() <= 0) {
      return "";
    }
    if (fitted && parts.bias() > 0 && parts.rest() <= 0) {
      return ": " + numbers(found) + " does the same without removing anything";
    }
    if (parts.restInterval().low() > 0) {
      return ": format and bias do not explain all of it";
    }
    return parts.format() + parts.bias() > 0
        ? ": format and bias may explain all of it"
        : ": too little to tell from none";
  }

  private static String numbers(ConfigurationGain found) {
    int numbers = found.quoted().shares().size() - 1;
    return numbers == 1 ? "a bias of one number" : "a bias of " + numbers + " numbers";
  }

  private String line(TaskGain gain, String name, ConfigurationGain found) {
    AnswersGiven given = found.quoted();
    return Figures.format(
        "Answers%s, %s: %d of %d count; %s%s%s",
        of(gain),
        name,
        given.counted(),
        given.rows(),
        given.shares().stream().limit(TOLD).map(GainText::share).collect(Collectors.joining(", ")),
        given.shares().size() > TOLD ? ", ..." : "",
        likelihood(given));
  }

  private static String share(AnswersGiven.Share share) {
    return Figures.format("\"%s\" %d (right %d)", share.answer(), share.given(), share.right());
  }

  private static String likelihood(AnswersGiven given) {
    return given.mass().isEmpty()
        ? ""
        : Figures.format(
            "; all options together have probability %.3g, less than the likeliest token on %d;"
                + " greedy decoding gives one on %d",
            given.mass().getAsDouble(), given.belowTop(), given.greedy());
  }
}
