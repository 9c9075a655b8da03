package dev.tale.onnx.jinja.value;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Methods of Python's texts. */
final class TextMethods {
  private TextMethods() {}

  static Object call(String text, String name, Arguments arguments) {
    return switch (name) {
      case "strip", "lstrip", "rstrip" -> strip(text, name, arguments.only("chars"));
      case "split", "rsplit" -> split(text, name, arguments.only("sep", "maxsplit"));
      case "startswith", "endswith" -> hasAffix(text, name, arguments.only("affix"));
      case "removeprefix" -> {
        String prefix = arguments.only("prefix").text(0, "prefix");
        yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
      }
      case "removesuffix" -> {
        String suffix = arguments.only("suffix").text(0, "suffix");
        yield text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
      }
      case "replace" -> replace(text, arguments.only("old", "new", "count"));
      case "join" -> join(text, arguments.only("iterable"));
      case "find" -> find(text, arguments.only("sub").text(0, "sub"));
      case "count" -> (long) occurrences(text, arguments.only("sub").text(0, "sub"));
      default -> ofTextAlone(text, name, arguments);
    };
  }

  private static Object ofTextAlone(String text, String name, Arguments arguments) {
    return switch (name) {
      case "upper" -> upper(text, arguments.only());
      case "lower" -> lower(text, arguments.only());
      case "capitalize" -> capitalize(text, arguments.only());
      case "isdigit" -> isDigits(text, arguments.only());
      case "isspace" -> !text.isEmpty() && Whitespace.isBlank(text);
      default -> throw TemplateException.unsupported("the method '" + name + "' of a text");
    };
  }

  static String upper(String text, Arguments arguments) {
    return arguments.rendering().produced(text.toUpperCase(Locale.ROOT));
  }

  static String lower(String text, Arguments arguments) {
    return arguments.rendering().produced(text.toLowerCase(Locale.ROOT));
  }

  static String capitalize(String text, Arguments arguments) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    int end = Character.charCount(first);
    if (first > 0x7f) {
      throw TemplateException.unsupported(
          "capitalize of a text that begins with " + Character.toString(first));
    }
    // The first letter is kept while lowering the rest, so that a final sigma knows what precedes
    // it.
    return Character.toString(Character.toUpperCase(first)) + lower(text, arguments).substring(end);
  }

  private static boolean isDigits(String text, Arguments arguments) {
    arguments.only();
    if (!CharMatcher.ascii().matchesAllOf(text)) {
      throw TemplateException.unsupported("isdigit of a text that is not ASCII");
    }
    return !text.isEmpty() && CharMatcher.inRange('0', '9').matchesAllOf(text);
  }

  static String strip(String text, String name, Arguments arguments) {
    Object chars = arguments.get(0, "chars", None.NONE);
    int[] points = text.codePoints().toArray();
    int begin = 0;
    int end = points.length;
    while (!name.startsWith("r") && begin < end && isStripped(points[begin], chars, name)) {
      begin++;
    }
    while (!name.startsWith("l") && begin < end && isStripped(points[end - 1], chars, name)) {
      end--;
    }
    return new String(points, begin, end - begin);
  }

  private static boolean isStripped(int point, Object chars, String name) {
    return chars instanceof None
        ? Character.isBmpCodePoint(point) && Whitespace.SPACE.matches((char) point)
        : Texts.required(chars, name).codePoints().anyMatch(c -> c == point);
  }

  private static Object split(String text, String name, Arguments arguments) {
    Object separator = arguments.get(0, "sep", None.NONE);
    int most = arguments.integer(1, "maxsplit", -1);
    if (separator instanceof None) {
      return splitAtSpace(text, most);
    }
    String between = Texts.required(separator, name);
    if (between.isEmpty()) {
      throw new TemplateException(name + " has an empty separator");
    }
    return name.startsWith("r") && most >= 0
        ? splitFromEnd(text, between, most)
        : splitFromBegin(text, between, most);
  }

  private static List<Object> splitAtSpace(String text, int most) {
    if (most >= 0) {
      throw TemplateException.unsupported("a bounded split at white space");
    }
    return new ArrayList<>(Splitter.on(Whitespace.SPACE).omitEmptyStrings().splitToList(text));
  }

  private static List<Object> splitFromBegin(String text, String between, int most) {
    List<Object> parts = new ArrayList<>();
    int begin = 0;
    int at = text.indexOf(between);
    while (at >= 0 && (most < 0 || parts.size() < most)) {
      parts.add(text.substring(begin, at));
      begin = at + between.length();
      at = text.indexOf(between, begin);
    }
    parts.add(text.substring(begin));
    return parts;
  }

  private static List<Object> splitFromEnd(String text, String between, int most) {
    List<Object> parts = new ArrayList<>();
    int end = text.length();
    int at = text.lastIndexOf(between, end - between.length());
    while (at >= 0 && parts.size() < most) {
      parts.add(text.substring(at + between.length(), end));
      end = at;
      at = end < between.length() ? -1 : text.lastIndexOf(between, end - between.length());
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  private static boolean hasAffix(String text, String name, Arguments arguments) {
    Object affix = arguments.get(0, "affix");
    List<?> affixes = affix instanceof Tuple several ? several : List.of(affix);
    return affixes.stream()
        .map(each -> Texts.required(each, name))
        .anyMatch(name.equals("startswith") ? text::startsWith : text::endsWith);
  }

  static String replace(String text, Arguments arguments) {
    String old = arguments.text(0, "old");
    String by = arguments.text(1, "new");
    if (!(arguments.get(2, "count", None.NONE) instanceof None) || old.isEmpty()) {
      throw TemplateException.unsupported("replace with a count or of the empty text");
    }
    long growth = (long) occurrences(text, old) * by.length();
    arguments.rendering().produce(text.length() + growth);
    return text.replace(old, by);
  }

  private static int occurrences(String text, String part) {
    if (part.isEmpty()) {
      throw TemplateException.unsupported("counting the empty text");
    }
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  private static long find(String text, String part) {
    int at = text.indexOf(part);
    return at < 0 ? -1 : text.codePointCount(0, at);
  }

  private static String join(String text, Arguments arguments) {
    List<Object> parts = Sequences.of(arguments.get(0, "iterable"));
    arguments.rendering().produce((long) text.length() * parts.size());
    return arguments
        .rendering()
        .produced(
            parts.stream()
                .map(part -> Texts.required(part, "join"))
                .collect(Collectors.joining(text)));
  }
}
