package dev.tale.onnx.text;

import java.util.List;
import java.util.Map;

/**
 * A regular expression that is known not to end the process, whatever text it is matched against.
 *
 * <p>Implementation note: the library's engine (Oniguruma) gives up after ten million steps back in
 * one match, and the tokenizer library answers that by a panic. So only expressions are let through
 * whose steps, counted by {@link Matching}, grow no faster than the text; and texts are kept so
 * short that neither one match nor, where every match may go over the same text again, all of them
 * together take too long. The expressions of published models are of the kind that goes over a text
 * once, but for a few alternatives which a later one takes up.
 *
 * @param minWidth least number of characters of a match
 * @param maxCharacters largest number of characters of a text to match against
 */
record SafeExpression(int minWidth, double maxCharacters) {
  static final double UNLIMITED = Double.MAX_VALUE;

  /** Steps back in one match; the engine's own limit is 10 million. */
  private static final double MAX_STEPS = 5e6;

  private static final double MAX_FIXED = 1e4;

  /** Characters of a text that may be gone over again from each of them. */
  private static final double MAX_QUADRATIC = 3e4;

  private static final String SPACES = "\\s+";
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String START = "[^\\r\\n\\p{L}\\p{N}]?";
  private static final String ENDING = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";

  /** Alternatives that may go over a run of characters in vain, and those that then take it. */
  private static final Map<String, String> TAKEN_UP =
      Map.of(
          "\\s+(?!\\S)",
          SPACES,
          "\\s*[\\r\\n]+",
          SPACES,
          "\\s*[\\r\\n]",
          SPACES,
          "\\s*[\r\n]+",
          SPACES,
          START + UPPER + "*" + LOWER + "+",
          START + UPPER + "+" + LOWER + "*",
          START + UPPER + "*" + LOWER + "+" + ENDING,
          START + UPPER + "+" + LOWER + "*" + ENDING);

  /** The one that the library has built in, for GPT-2. */
  static final SafeExpression BYTE_LEVEL = new SafeExpression(1, MAX_STEPS / 3);

  static SafeExpression literal(String text) {
    return new SafeExpression(text.codePointCount(0, text.length()), UNLIMITED);
  }

  /**
   * Reads an expression.
   *
   * @throws UnsafeExpressionException if it may take too many steps, or is of a kind that is not
   *     known here
   */
  static SafeExpression parse(String source) throws UnsafeExpressionException {
    OnigurumaParser parser = new OnigurumaParser(source);
    Matching whole = parser.parse();
    List<String> alternatives = parser.alternatives();
    StepBound steps = StepBound.NONE;
    boolean once = true;
    for (int i = 0; i < alternatives.size(); i++) {
      StepBound wasted = parser.matchings().get(i).wasted();
      steps = steps.plus(wasted);
      String takenUp = TAKEN_UP.get(alternatives.get(i));
      once &= wasted.isFixed() || (takenUp != null && alternatives.contains(takenUp));
    }
    if (steps.more() > 0 || steps.fixed() > MAX_FIXED) {
      throw new UnsafeExpressionException(
          "the steps that it takes grow faster than the text: where characters of two"
              + " repetitions in a row are the same, repeat them once");
    }
    if (steps.isFixed()) {
      return new SafeExpression(whole.min(), UNLIMITED);
    }
    double most = (MAX_STEPS - steps.fixed()) / steps.linear();
    return new SafeExpression(whole.min(), once ? most : Math.min(most, MAX_QUADRATIC));
  }
}
