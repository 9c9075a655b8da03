package dev.tale.patch;

import dev.tale.model.Request;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Texts to fit maps on, in three parts: of every ten texts, counted from the end, the last is held
 * out and reported on, the one before it chooses the ridge, and the others are fitted. No text is
 * in two parts, but for texts that come twice.
 *
 * @param texts the texts, at least {@value #LEAST}, in the order given
 */
public record CalibrationTexts(List<String> texts) {
  static final int LEAST = 3;
  private static final int PERIOD = 10;

  /**
   * Copies the texts and checks them.
   *
   * @throws NullPointerException if one is null
   * @throws IllegalArgumentException if there are too few, or one has fewer than two characters
   */
  public CalibrationTexts {
    texts.forEach(text -> Objects.requireNonNull(text, "A text is null; give plain texts"));
    texts = List.copyOf(texts);
    if (texts.size() < LEAST) {
      throw new IllegalArgumentException(
          "There are "
              + texts.size()
              + " calibration texts; give at least "
              + LEAST
              + ": one to fit, one to choose the ridge and one to report on");
    }
    for (int text = 0; text < texts.size(); text++) {
      if (begin(texts.get(text)) == texts.get(text).length()) {
        throw new IllegalArgumentException(
            "Calibration text "
                + text
                + " is \""
                + texts.get(text)
                + "\"; give texts of at least two characters, one of them not white space");
      }
    }
  }

  /** Uses of a text. */
  enum Use {
    FIT,
    CHOOSE,
    REPORT
  }

  Use use(int text) {
    int fromEnd = (texts.size() - 1 - text) % PERIOD;
    return fromEnd == 0 ? Use.REPORT : fromEnd == 1 ? Use.CHOOSE : Use.FIT;
  }

  /**
   * The likelihood of each text, given its first word, or its first character if it is of one word:
   * not every model has a token to begin with.
   */
  List<Request> requests() {
    return texts.stream().map(CalibrationTexts::request).toList();
  }

  /** The requests of the texts that nothing was fitted to or chosen by. */
  public List<Request> heldOut() {
    return IntStream.range(0, texts.size())
        .filter(text -> use(text) == Use.REPORT)
        .mapToObj(text -> request(texts.get(text)))
        .toList();
  }

  private static Request request(String text) {
    int begin = begin(text);
    return new Request.LogLikelihood(text.substring(0, begin), text.substring(begin));
  }

  /** Where the first word ends; where there is no more, after the first code point. */
  private static int begin(String text) {
    int at = 0;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    int first = at;
    while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.substring(at).isBlank() && first < text.length()
        ? text.offsetByCodePoints(first, 1)
        : at;
  }
}
