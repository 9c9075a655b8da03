package dev.tale.report.section;

import dev.tale.estimate.Interval;
import dev.tale.evaluate.Score;
import java.util.List;
import java.util.Locale;

/** Writes figures for people, the same in every locale. */
final class Figures {
  private Figures() {}

  /** Returns for example {@code 0.8625}. */
  static String accuracy(double accuracy) {
    return format("%.4f", accuracy);
  }

  static String interval(Interval interval) {
    return format("[%.3f, %.3f]", interval.low(), interval.high());
  }

  /** Returns for example {@code 0.8625 [0.770, 0.921]}. */
  static String score(Score score) {
    return accuracy(score.accuracy()) + " " + interval(score.interval());
  }

  /** Returns a score with its count; the mean of several tasks is not their rows' count. */
  static String counted(Score score) {
    return score.byTask().size() == 1
        ? score.correct() + "/" + score.total() + " = " + score(score)
        : score(score);
  }

  /** Returns a value of any size with four digits, and its interval. */
  static String value(double value, Interval interval) {
    return digits(value) + " [" + digits(interval.low()) + ", " + digits(interval.high()) + "]";
  }

  static String digits(double value) {
    String text = format("%.4g", value);
    return text.contains("e") || !text.contains(".") ? text : text.replaceAll("\\.?0+$", "");
  }

  /** Returns for example {@code .83}, which fits a small place; {@code 1.0} for 1. */
  static String brief(double accuracy) {
    String text = format("%.2f", accuracy);
    return text.startsWith("0") ? text.substring(1) : format("%.1f", accuracy);
  }

  static String names(List<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
