package dev.tale.onnx.jinja;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Filters by name. The value is the first positional argument. */
final class Filters {
  private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]{1,18}");
  private static final Pattern WORD =
      Pattern.compile("[^-\\s(\\[{<]+|[-\\s(\\[{<]+", Pattern.UNICODE_CHARACTER_CLASS);

  private static final ImmutableMap<String, Function> FILTERS =
      ImmutableMap.<String, Function>builder()
          .put("length", a -> Sequences.length(a.only("value").get(0, "value")))
          .put("count", a -> Sequences.length(a.only("value").get(0, "value")))
          .put("string", a -> Texts.of(a.only("value").get(0, "value")))
          .put(
              "trim",
              a -> TextMethods.strip(value(a), "strip", a.only("value", "chars").rest("trim")))
          .put("upper", a -> TextMethods.upper(value(a), a.only("value")))
          .put("lower", a -> TextMethods.lower(value(a), a.only("value")))
          .put("capitalize", a -> TextMethods.capitalize(value(a), a.only("value")))
          .put("title", a -> title(value(a), a.only("value")))
          .put("replace", a -> replace(a.only("value", "old", "new", "count")))
          .put("default", a -> otherwise(a.only("value", "default_value", "boolean")))
          .put("d", a -> otherwise(a.only("value", "default_value", "boolean")))
          .put("first", a -> end(a.only("value"), true))
          .put("last", a -> end(a.only("value"), false))
          .put("list", a -> new ArrayList<>(Sequences.of(a.only("value").get(0, "value"))))
          .put("items", a -> items(a.only("value").get(0, "value")))
          .put("reverse", a -> reverse(a.only("value").get(0, "value")))
          .put("join", a -> join(a.only("value", "d", "attribute")))
          .put("int", a -> integer(a.only("value", "default")))
          .put("abs", a -> absolute(a.only("value").get(0, "value")))
          .put(
              "tojson",
              a -> Json.of(a.only("value", "ensure_ascii", "indent", "separators", "sort_keys")))
          .put("map", Filters::map)
          .put("select", a -> select(a, false, true))
          .put("reject", a -> select(a, false, false))
          .put("selectattr", a -> select(a, true, true))
          .put("rejectattr", a -> select(a, true, false))
          .buildOrThrow();

  private Filters() {}

  static Object apply(String name, Arguments arguments) {
    @Nullable Function filter = FILTERS.get(name);
    if (filter == null) {
      throw TemplateException.unsupported("the filter '" + name + "'");
    }
    arguments.positional().forEach(arguments.rendering()::work);
    return arguments.rendering().made(filter.call(arguments));
  }

  /** Filters of texts take any value for its text. */
  private static String value(Arguments arguments) {
    return Texts.of(arguments.get(0, "value"));
  }

  private static String title(String text, Arguments arguments) {
    StringBuilder title = new StringBuilder();
    WORD.matcher(text)
        .results()
        .map(MatchResult::group)
        .forEach(word -> title.append(TextMethods.capitalize(word, arguments)));
    return title.toString();
  }

  private static Object replace(Arguments arguments) {
    return TextMethods.replace(value(arguments), arguments.rest("replace"));
  }

  private static Object otherwise(Arguments arguments) {
    Object value = arguments.get(0, "value");
    boolean replaceFalse = Operators.isTrue(arguments.get(2, "boolean", false));
    return value instanceof Undefined || (replaceFalse && !Operators.isTrue(value))
        ? arguments.get(1, "default_value", "")
        : value;
  }

  private static Object end(Arguments arguments, boolean first) {
    if (!first && arguments.get(0, "value") instanceof Iterated iterated) {
      throw iterated.unsupported("the last of");
    }
    List<Object> values = Sequences.of(arguments.get(0, "value"));
    if (values.isEmpty()) {
      return new Undefined(
          "there is no " + (first ? "first" : "last") + " item, the sequence was empty");
    }
    return values.get(first ? 0 : values.size() - 1);
  }

  private static Object items(Object value) {
    if (value instanceof Undefined) {
      return Iterated.once("the filter 'items'", List.of());
    }
    if (value instanceof Map<?, ?> map) {
      return Iterated.once("the filter 'items'", Sequences.items(map));
    }
    throw new TemplateException("items of " + Texts.shown(value) + ", which is no dictionary");
  }

  private static Object reverse(Object value) {
    List<Object> reversed = new ArrayList<>(Sequences.of(value));
    Collections.reverse(reversed);
    return value instanceof String
        ? reversed.stream().map(Texts::of).collect(Collectors.joining())
        : Iterated.once("the filter 'reverse'", reversed);
  }

  private static Object join(Arguments arguments) {
    String between = Texts.of(arguments.get(1, "d", ""));
    Object attribute = arguments.get(2, "attribute", None.NONE);
    StringBuilder joined = new StringBuilder();
    String separator = "";
    for (Object value : Sequences.of(arguments.get(0, "value"))) {
      Object part = attribute instanceof None ? value : Subscripts.item(value, attribute);
      joined.append(separator).append(arguments.rendering().produced(Texts.of(part)));
      arguments.rendering().produce(between.length());
      separator = between;
    }
    return joined.toString();
  }

  private static Object integer(Arguments arguments) {
    Object value = arguments.get(0, "value");
    if (Numbers.integer(value).isPresent()) {
      return Numbers.integer(value).getAsLong();
    }
    if (value instanceof String text && DECIMAL.matcher(text).matches()) {
      return Long.parseLong(text);
    }
    throw TemplateException.unsupported("the filter 'int' of " + Texts.shown(value));
  }

  private static Object absolute(Object value) {
    return Numbers.isNumber(value) && Numbers.toDouble(value) < 0
        ? Numbers.negate(value)
        : Numbers.add(0L, value);
  }

  private static Object map(Arguments arguments) {
    Object attribute = arguments.named().get("attribute");
    if (arguments.named().size() > (attribute == null ? 0 : 1)) {
      throw TemplateException.unsupported("the filter 'map' with " + arguments.named().keySet());
    }
    List<Object> mapped = new ArrayList<>();
    for (Object value : taken(arguments)) {
      arguments.rendering().step();
      mapped.add(
          attribute == null
              ? apply(arguments.text(1, "filter"), shifted(arguments, value, 2))
              : path(value, attribute));
    }
    return Iterated.once("the filter 'map'", mapped);
  }

  /** What is false, None too, is taken for empty. */
  private static List<Object> taken(Arguments arguments) {
    Object value = arguments.get(0, "value");
    return Operators.isTrue(value) ? Sequences.of(value) : List.of();
  }

  /** Returns {@code a.b.c} of a value. */
  private static Object path(Object value, Object attribute) {
    Object found = value;
    for (String part : Splitter.on('.').split(Texts.required(attribute, "attribute"))) {
      found = Subscripts.item(found, part.matches("[0-9]{1,9}") ? Long.valueOf(part) : part);
    }
    return found;
  }

  private static Arguments shifted(Arguments arguments, Object value, int from) {
    List<Object> positional = new ArrayList<>(List.of(value));
    List<Object> given = arguments.positional();
    positional.addAll(given.subList(Math.min(from, given.size()), given.size()));
    return new Arguments(arguments.rendering(), arguments.name(), positional, Map.of());
  }

  private static Object select(Arguments arguments, boolean byAttribute, boolean wanted) {
    int testAt = byAttribute ? 2 : 1;
    List<Object> selected = new ArrayList<>();
    for (Object value : taken(arguments)) {
      arguments.rendering().step();
      Object tested = byAttribute ? path(value, arguments.get(1, "attribute")) : value;
      boolean passes =
          testAt < arguments.positional().size()
              ? Tests.passes(arguments.text(testAt, "test"), shifted(arguments, tested, testAt + 1))
              : Operators.isTrue(tested);
      if (passes == wanted) {
        selected.add(value);
      }
    }
    return Iterated.once("the filter 'select'", selected);
  }
}
