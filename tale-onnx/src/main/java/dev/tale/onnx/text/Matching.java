package dev.tale.onnx.text;

/**
 * How a part of a regular expression is matched by a backtracking engine, from one place of a text.
 *
 * @param min least number of characters that it takes
 * @param max largest number, {@link #UNBOUNDED} if there is none
 * @param always whether it matches whatever follows
 * @param ways number of different ways to match, each tried if what follows does not
 * @param wasted steps that do not go towards a match: places where a way was given up, and
 *     characters that were only looked at
 */
record Matching(int min, long max, boolean always, StepBound ways, StepBound wasted) {
  static final long UNBOUNDED = Long.MAX_VALUE / 4;

  /** Characters beyond which the library's program for a repetition becomes large. */
  private static final int MAX_REPEATS = 1000;

  static final Matching NOTHING = new Matching(0, 0, true, StepBound.ONE, StepBound.NONE);
  static final Matching CHARACTER = new Matching(1, 1, false, StepBound.ONE, StepBound.ONE);

  /** An anchor: a place, not a character. */
  static final Matching PLACE = new Matching(0, 0, false, StepBound.ONE, StepBound.ONE);

  /** Matches this, then the next. */
  Matching then(Matching next) {
    return new Matching(
        min + next.min,
        Math.min(UNBOUNDED, max + next.max),
        always && next.always,
        ways.times(next.ways),
        wasted.plus(next.always ? next.wasted : ways.times(next.wasted)));
  }

  /** Matches this, or else the other. */
  Matching or(Matching other) {
    return new Matching(
        Math.min(min, other.min),
        Math.max(max, other.max),
        always || other.always,
        ways.plus(other.ways),
        wasted.plus(other.wasted));
  }

  /** Only the first way counts, as in an atomic group. */
  Matching once() {
    return new Matching(min, max, always, StepBound.ONE, wasted);
  }

  /** Looks whether this matches here, and takes nothing. */
  Matching looked() {
    StepBound length = max >= UNBOUNDED ? StepBound.LENGTH : StepBound.ONE;
    return new Matching(0, 0, false, StepBound.ONE, wasted.plus(length));
  }

  /** Matches this several times. */
  Matching repeated(int least, long most) throws UnsafeExpressionException {
    long program = most < UNBOUNDED ? Math.max(1, max) * most : (long) Math.max(1, min) * least;
    if (most < least || program > MAX_REPEATS) {
      throw new UnsafeExpressionException("it repeats something too often");
    }
    if (least == 0 && most == 1) {
      return or(NOTHING);
    }
    boolean oneWay = min == max && min > 0 && ways.equals(StepBound.ONE);
    if (!oneWay || !wasted.isFixed()) {
      throw new UnsafeExpressionException(
          "it repeats a group that can match in several ways or not take a character");
    }
    return new Matching(
        min * least,
        most >= UNBOUNDED ? UNBOUNDED : max * most,
        least == 0,
        most >= UNBOUNDED ? StepBound.LENGTH : StepBound.of((double) (most - least + 1)),
        wasted);
  }
}
