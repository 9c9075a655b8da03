package dev.tale.benchmark;

import com.google.common.collect.ImmutableMap;
import dev.tale.model.DataFormatException;
import dev.tale.task.ExactMatch;
import dev.tale.task.Extraction;
import dev.tale.task.Metric;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;

/** Metrics and extractions as descriptions name them. */
final class Scoring {
  private static final ImmutableMap<String, Metric> OF_CHOICES =
      ImmutableMap.of(
          "acc", Metric.acc(), "acc_norm", Metric.accNorm(), "acc_bytes", Metric.accBytes());
  private static final ImmutableMap<String, Metric> OF_ANSWERS =
      ImmutableMap.of(
          "exact_match", Metric.exactMatch(),
          "numeric", Metric.numeric(),
          "math_hendrycks", Metric.hendrycksMath(),
          "math_minerva", Metric.minervaMath());
  private static final ImmutableMap<String, Extraction> EXTRACTIONS =
      ImmutableMap.<String, Extraction>builder()
          .put("as_is", Extraction.asIs())
          .put("trim", Extraction.trimmed())
          .put("first_line", Extraction.firstLine())
          .put("lowercase", Extraction.lowerCase())
          .put("uppercase", Extraction.upperCase())
          .put("last_number", Extraction.lastNumber())
          .put("boxed", Extraction.boxed())
          .put("math_hendrycks", Extraction.hendrycksMath())
          .put("math_minerva", Extraction.minervaMath())
          .buildOrThrow();
  private static final List<String> EXACT_MATCH =
      List.of("ignore", "ignore_case", "ignore_punctuation");
  private static final List<String> STEPS =
      List.of("first_match", "last_match", "match", "index", "before");

  private Scoring() {}

  static Metric choiceMetric(Section section) throws DataFormatException {
    return named("metric", section.text("metric", "acc"), section, OF_CHOICES);
  }

  static Metric answerMetric(Section section) throws DataFormatException {
    if (section.has("metric") && section.require("metric") instanceof Setting.Keys keys) {
      Section metric = Section.of("metric", keys, List.of("exact_match"));
      return exactMatch(Section.of("exact_match", metric.require("exact_match"), EXACT_MATCH));
    }
    return named("metric", section.text("metric", "exact_match"), section, OF_ANSWERS);
  }

  private static <T> T named(String key, String name, Section section, Map<String, T> known)
      throws DataFormatException {
    T value = known.get(name);
    if (value == null) {
      throw section.require(key).refused(unknown(key, name, known.keySet()));
    }
    return value;
  }

  private static String unknown(String key, String name, Collection<String> known) {
    return key
        + " is \""
        + name
        + "\", but must be one of "
        + String.join(", ", known)
        + "; did you mean "
        + Nearest.to(name, known)
        + "?";
  }

  private static ExactMatch exactMatch(Section section) throws DataFormatException {
    ExactMatch metric = Metric.exactMatch();
    for (String regex : section.texts("ignore")) {
      metric = ignoring(metric, regex, section);
    }
    metric = section.flag("ignore_case") ? metric.ignoringCase() : metric;
    return section.flag("ignore_punctuation") ? metric.ignoringPunctuation() : metric;
  }

  private static ExactMatch ignoring(ExactMatch metric, String regex, Section section)
      throws DataFormatException {
    try {
      return metric.ignoring(regex);
    } catch (PatternSyntaxException e) {
      throw section
          .require("ignore")
          .refused("ignore has \"" + regex + "\", not a regular expression: " + e.getDescription());
    }
  }

  /** The steps of a list one after the other; trimmed if there are none. */
  static Extraction extraction(Section section) throws DataFormatException {
    if (!section.has("extraction")) {
      return Extraction.trimmed();
    }
    Setting setting = section.require("extraction");
    if (!(setting instanceof Setting.Items items)) {
      return step(setting);
    }
    Extraction all = Extraction.asIs();
    for (Setting step : items.items()) {
      all = all.then(step(step));
    }
    return all;
  }

  private static Extraction step(Setting step) throws DataFormatException {
    if (step instanceof Setting.Keys) {
      return step(Section.of("extraction", step, STEPS));
    }
    String name = step.text("extraction");
    Extraction extraction = EXTRACTIONS.get(name);
    if (extraction == null) {
      throw step.refused(unknown("extraction", name, EXTRACTIONS.keySet()));
    }
    return extraction;
  }

  private static Extraction step(Section section) throws DataFormatException {
    if (section.has("before")) {
      section.refuse("beside before", "first_match", "last_match", "match", "index");
      return Extraction.before(section.texts("before").toArray(new String[0]));
    }
    if (section.has("match")) {
      section.refuse("beside match", "first_match", "last_match");
      int index = (int) section.number("index", 0, Short.MIN_VALUE, Short.MAX_VALUE);
      return Extraction.match(regex(section, "match"), index);
    }
    section.refuse("without match", "index");
    if (section.has("last_match")) {
      section.refuse("beside last_match", "first_match");
      return Extraction.lastMatch(regex(section, "last_match"));
    }
    return Extraction.firstMatch(regex(section, "first_match"));
  }

  private static String regex(Section section, String key) throws DataFormatException {
    return TextFunction.pattern(section.require(key), key).pattern();
  }
}
