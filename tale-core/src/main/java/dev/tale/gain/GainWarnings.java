package dev.tale.gain;

import dev.tale.answers.AnswersGiven;
import dev.tale.evaluate.TaskScore;
import dev.tale.gain.ConfigurationGain.Versus;
import dev.tale.gain.GainWarning.Kind;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Looks for facts that make the accuracies of a task misleading. */
final class GainWarnings {
  private static final double LEVEL = 0.05;

  private final ModelInfo info;
  private final TaskGain gain;
  private final RowSet rows;
  private final List<LayerMask> path;
  private final List<LayerMask> reported;
  private final LayerMask best;
  private final List<GainWarning> found = new ArrayList<>();

  GainWarnings(
      ModelInfo info,
      TaskGain gain,
      RowSet rows,
      List<LayerMask> path,
      List<LayerMask> reported,
      LayerMask best) {
    this.info = info;
    this.gain = gain;
    this.rows = rows;
    this.path = path;
    this.reported = reported;
    this.best = best;
  }

  List<GainWarning> all(List<String> disagreements) {
    disagreements.forEach(each -> add(Kind.FILES_DISAGREE, path.get(0), 0, 0, each));
    AnswersGiven whole = gain.path().get(0).quoted();
    if (whole.mass().isPresent() && whole.greedy() == 0) {
      noOptionIsGreedy(whole);
    }
    for (int position = 0; position < path.size(); position++) {
      LayerMask mask = path.get(position);
      if (position == 0 || reported.contains(mask)) {
        answers(mask, whole, gain.path().get(position).quoted());
        majority(mask, rows.path().get(position));
      }
    }
    gain.of(best).filter(each -> best.removedCount() > 0).ifPresent(this::free);
    return found;
  }

  private void add(Kind kind, LayerMask mask, double value, double limit, String text) {
    found.add(new GainWarning(kind, mask, value, limit, text));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private void noOptionIsGreedy(AnswersGiven whole) {
    add(
        Kind.NO_OPTION_IS_GREEDY,
        path.get(0),
        0,
        1,
        "no option is ever what the unpruned model would say"
            + whole
                .top()
                .map(
                    top ->
                        format(
                            "; on %d of %d rows it begins with \"%s\"%s",
                            top.given(), whole.rows(), visible(top.answer()), meant(top.answer())))
                .orElse(""));
  }

  private static String visible(String token) {
    return token.replace("\n", "\\n").replace("\t", "\\t");
  }

  /** An option that begins as the token does but for white space and case. */
  private String meant(String token) {
    String plain = token.strip().toLowerCase(Locale.ROOT);
    Optional<String> option =
        rows.task().options(0).stream()
            .flatMap(each -> each.texts().stream())
            .filter(text -> !plain.isEmpty())
            .filter(text -> text.strip().toLowerCase(Locale.ROOT).startsWith(plain))
            .findFirst();
    return option
        .map(
            text ->
                format(": did you mean \"%s\" in place of \"%s\"?", visible(token), visible(text)))
        .orElse("");
  }

  private void answers(LayerMask mask, AnswersGiven whole, AnswersGiven given) {
    double before = whole.mass().orElse(Double.NaN);
    double after = given.mass().orElse(Double.NaN);
    if (mask.removedCount() > 0 && after < GainWarning.MASS_SHARE * before) {
      add(
          Kind.MASS_FELL,
          mask,
          after,
          before,
          format(
              "%s gives all options together a probability of %.4g, the unpruned model %.4g: it no"
                  + " longer says any of them",
              model(mask), after, before));
    }
    if (given.counted() < whole.counted()) {
      add(
          Kind.ANSWERS_FELL,
          mask,
          given.counted(),
          whole.counted(),
          format(
              "%s has an answer that counts on %d of %d rows, the unpruned model on %d",
              model(mask), given.counted(), given.rows(), whole.counted()));
    }
    double share = given.commonest().given() / (double) given.rows();
    if (given.rows() > 1 && share > GainWarning.ONE_ANSWER_SHARE) {
      add(
          Kind.ONE_ANSWER,
          mask,
          share,
          GainWarning.ONE_ANSWER_SHARE,
          format(
              "%s answers \"%s\" on %d of %d rows",
              model(mask),
              visible(given.commonest().answer()),
              given.commonest().given(),
              given.rows()));
    }
  }

  private void majority(LayerMask mask, TaskScore score) {
    gain.free().stream()
        .filter(each -> each.kind() == FreeBaseline.Kind.MAJORITY)
        .map(FreeBaseline::quoted)
        .filter(each -> Math.abs(each.correct() - score.correct()) <= 1)
        .forEach(
            each ->
                add(
                    Kind.AS_MAJORITY,
                    mask,
                    score.correct(),
                    each.correct(),
                    format(
                        "%s has %d of %d rows right, always the commonest right answer %d",
                        model(mask), score.correct(), score.total(), each.correct())));
  }

  private String model(LayerMask mask) {
    return mask.removedCount() == 0
        ? "the unpruned model"
        : "the model without " + info.removedNames(mask);
  }

  private void free(ConfigurationGain pruned) {
    Optional<FreeBaseline> rival = gain.bestFree();
    Optional<Versus> versus =
        pruned.versus().stream()
            .filter(each -> rival.isPresent() && each.kind() == rival.get().kind())
            .max(Comparator.comparingDouble(Versus::adjustedP));
    if (versus.isEmpty()) {
      return;
    }
    int gained = versus.get().comparison().gained();
    int lost = versus.get().comparison().lost();
    if (gained <= lost || versus.get().adjustedP() > LEVEL) {
      add(
          Kind.NOT_BETTER_THAN_FREE,
          pruned.mask(),
          versus.get().adjustedP(),
          LEVEL,
          format(
              "BEST is not shown to be better than what removes nothing: %s has %d of %d rows right"
                  + " (BEST gains %d, loses %d, p = %.3g by Holm)",
              rival.orElseThrow().kind().text(),
              rival.orElseThrow().quoted().correct(),
              rival.orElseThrow().quoted().total(),
              gained,
              lost,
              versus.get().adjustedP()));
    }
  }
}
