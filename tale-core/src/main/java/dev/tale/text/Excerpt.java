package dev.tale.text;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The beginning of a text for a message: a row may have millions of characters. */
public final class Excerpt {
  /** Characters of a text that a message shows. */
  static final int LENGTH = 80;

  private static final int MESSAGE = 1000;

  /** Texts of a list that a message shows. */
  private static final int TEXTS = 10;

  private Excerpt() {}

  /** Returns a text of at most {@value #LENGTH} characters as it is, of a longer one as many. */
  public static String of(@Nullable Object value) {
    String text = value instanceof Collection<?> all ? listed(all) : String.valueOf(value);
    return text.length() <= LENGTH ? text : text.substring(0, end(text)) + "...";
  }

  /** Returns a message, shortened if it quotes something of any length, such as a key or a name. */
  public static String ofMessage(String message) {
    return message.length() <= MESSAGE ? message : message.substring(0, MESSAGE) + "...";
  }

  /** Only what can be shown is put together. */
  private static String listed(Collection<?> all) {
    return all.stream()
        .limit(LENGTH)
        .map(each -> each instanceof String text ? text : Excerpt.of(each))
        .map(text -> text.substring(0, Math.min(text.length(), LENGTH + 1)))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** Returns the texts, each shortened, parted by commas; of many, the first ones. */
  public static String ofEach(Collection<?> all) {
    String shown = all.stream().limit(TEXTS).map(Excerpt::of).collect(Collectors.joining(", "));
    return all.size() <= TEXTS ? shown : shown + ", ... (" + all.size() + " in all)";
  }

  /** No half of a surrogate pair. */
  private static int end(String text) {
    return Character.isHighSurrogate(text.charAt(LENGTH - 1)) ? LENGTH - 1 : LENGTH;
  }
}
