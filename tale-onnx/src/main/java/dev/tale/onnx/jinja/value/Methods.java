package dev.tale.onnx.jinja.value;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Map;

/** Calls of methods of texts, dictionaries and lists. */
public final class Methods {
  private static final ImmutableSet<String> OF_TEXTS =
      ImmutableSet.of(
          "capitalize",
          "casefold",
          "center",
          "count",
          "encode",
          "endswith",
          "expandtabs",
          "find",
          "format",
          "format_map",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "isidentifier",
          "islower",
          "isnumeric",
          "isprintable",
          "isspace",
          "istitle",
          "isupper",
          "join",
          "ljust",
          "lower",
          "lstrip",
          "maketrans",
          "partition",
          "removeprefix",
          "removesuffix",
          "replace",
          "rfind",
          "rindex",
          "rjust",
          "rpartition",
          "rsplit",
          "rstrip",
          "split",
          "splitlines",
          "startswith",
          "strip",
          "swapcase",
          "title",
          "translate",
          "upper",
          "zfill");

  private static final ImmutableSet<String> OF_DICTIONARIES =
      ImmutableSet.of(
          "clear",
          "copy",
          "fromkeys",
          "get",
          "items",
          "keys",
          "pop",
          "popitem",
          "setdefault",
          "update",
          "values");

  private static final ImmutableSet<String> OF_LISTS =
      ImmutableSet.of(
          "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove",
          "reverse", "sort");

  private static final ImmutableSet<String> OF_NUMBERS =
      ImmutableSet.of(
          "as_integer_ratio",
          "bit_count",
          "bit_length",
          "conjugate",
          "denominator",
          "from_bytes",
          "fromhex",
          "hex",
          "imag",
          "is_integer",
          "numerator",
          "real",
          "to_bytes");

  private Methods() {}

  /** Whether Python finds an attribute before it looks for an entry of that name. */
  static boolean isAttributeOf(Object value, String name) {
    return attributesOf(value).contains(name);
  }

  private static ImmutableSet<String> attributesOf(Object value) {
    if (value instanceof String) {
      return OF_TEXTS;
    }
    if (value instanceof Map) {
      return OF_DICTIONARIES;
    }
    if (value instanceof List) {
      return OF_LISTS;
    }
    return Numbers.isNumber(value) ? OF_NUMBERS : ImmutableSet.of();
  }

  public static Object call(Object value, String name, Arguments arguments) {
    Operators.requireDefined(value);
    if (value instanceof String text && isAttributeOf(value, name)) {
      return TextMethods.call(text, name, arguments);
    }
    if (value instanceof Map<?, ?> map && isAttributeOf(value, name)) {
      return dictionary(map, name, arguments);
    }
    if (isAttributeOf(value, name)) {
      throw TemplateException.unsupported("the method '" + name + "' of " + Texts.shown(value));
    }
    return Globals.call(Subscripts.attribute(value, name), arguments);
  }

  private static Object dictionary(Map<?, ?> map, String name, Arguments arguments) {
    return switch (name) {
      case "items" -> {
        arguments.only();
        yield Iterated.view("the items of a dictionary", Sequences.items(map));
      }
      case "keys" -> {
        arguments.only();
        yield Iterated.view("the keys of a dictionary", Sequences.of(map));
      }
      case "values" -> {
        arguments.only();
        yield Iterated.view("the values of a dictionary", List.copyOf(map.values()));
      }
      case "get" -> {
        Object found = map.get(arguments.only("key", "default").get(0, "key"));
        yield found == null ? arguments.get(1, "default", None.NONE) : found;
      }
      default -> throw TemplateException.unsupported("the method '" + name + "' of a dictionary");
    };
  }
}
