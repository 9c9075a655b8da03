package dev.tale.benchmark;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.samskivert.mustache.Mustache;
import dev.tale.math.Boxed;
import dev.tale.model.DataFormatException;
import dev.tale.task.Extraction;
import dev.tale.text.Excerpt;
import dev.tale.text.Regex;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.PatternSyntaxException;

/** What templates may do to a text: {@code {{#name}}text{{/name}}}. */
final class TextFunction {
  private static final Extraction TRIM = Extraction.trimmed();

  /** The functions that every description has. */
  static final ImmutableMap<String, UnaryOperator<String>> STANDARD =
      ImmutableMap.<String, UnaryOperator<String>>builder()
          .put("trim", TRIM::extract)
          .put("capitalize", TextFunction::capitalize)
          .put("lowercase", text -> text.toLowerCase(Locale.ROOT))
          .put("uppercase", text -> text.toUpperCase(Locale.ROOT))
          .put("boxed", text -> Boxed.content(text).orElse(""))
          .buildOrThrow();

  private static final List<String> EDITS = List.of("replace", "with", "remove");

  private TextFunction() {}

  /** The edits of a list, one after the other. */
  static UnaryOperator<String> of(String name, Setting edits) throws DataFormatException {
    UnaryOperator<String> all = text -> text;
    for (Setting edit : edits.items("Function " + name)) {
      UnaryOperator<String> before = all;
      UnaryOperator<String> next = edit(name, edit);
      all = text -> next.apply(before.apply(text));
    }
    return all;
  }

  private static UnaryOperator<String> edit(String name, Setting edit) throws DataFormatException {
    if (edit instanceof Setting.Scalar scalar) {
      return standard(scalar);
    }
    Section section = Section.of("An edit of function " + name, edit, EDITS);
    if (section.has("remove")) {
      section.refuse("beside remove", "replace", "with");
      return pattern(section.require("remove"), "remove")::removedFrom;
    }
    String from = section.text("replace");
    String to = section.text("with");
    return text -> replaced(text, from, to);
  }

  /** Edits one after the other can double a text each. */
  private static String replaced(String text, String from, String to) {
    long places =
        from.isEmpty() ? text.length() + 1L : Splitter.on(from).splitToStream(text).count();
    BoundedWriter.require(text.length(), places * (to.length() - from.length()));
    return text.replace(from, to);
  }

  private static UnaryOperator<String> standard(Setting.Scalar name) throws DataFormatException {
    UnaryOperator<String> function = STANDARD.get(name.text());
    if (function == null) {
      throw name.refused(
          "The edit \""
              + name.text()
              + "\" is unknown; did you mean "
              + Nearest.to(name.text(), STANDARD.keySet())
              + "? There are "
              + String.join(", ", STANDARD.keySet())
              + ", {replace: ..., with: ...} and {remove: ...}");
    }
    return function;
  }

  /** The regular expression of a setting, read as {@link Extraction} documents. */
  static Regex pattern(Setting setting, String what) throws DataFormatException {
    String regex = setting.text(what);
    try {
      return Regex.compile(regex);
    } catch (PatternSyntaxException e) {
      throw setting.refused(
          what
              + " is \""
              + Excerpt.of(regex)
              + "\", not a regular expression: "
              + e.getDescription());
    }
  }

  /** As Python's str.capitalize: the first character as in a title, the others in lower case. */
  private static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    int rest = Character.charCount(first);
    return title(first) + text.substring(rest).toLowerCase(Locale.ROOT);
  }

  private static String title(int character) {
    String upper = Character.toString(character).toUpperCase(Locale.ROOT);
    return upper.codePointCount(0, upper.length()) == 1
        ? Character.toString(Character.toTitleCase(character))
        : upper.charAt(0) + upper.substring(1).toLowerCase(Locale.ROOT);
  }

  /** Returns all that a template can name: values of a row, and functions. */
  static Map<String, Object> withFunctions(
      Map<String, ?> values, Map<String, UnaryOperator<String>> functions) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    functions.forEach((name, function) -> all.put(name, lambda(function)));
    return all;
  }

  private static Mustache.Lambda lambda(UnaryOperator<String> function) {
    return (fragment, out) -> {
      BoundedWriter text = new BoundedWriter();
      fragment.execute(text);
      out.write(function.apply(text.toString()));
    };
  }
}
