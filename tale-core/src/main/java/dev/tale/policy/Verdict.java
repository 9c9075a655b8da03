package dev.tale.policy;

/**
 * What a trade-off says.
 *
 * @param position position in the path of the chosen configuration, or, if the demand is not met,
 *     of the one that comes nearest to it
 * @param met whether the configuration is what was demanded
 * @param explanation why not, and what is nearest; empty if the demand is met
 */
public record Verdict(int position, boolean met, String explanation) {

  /** Returns a choice that is what was demanded. */
  public static Verdict of(int position) {
    return new Verdict(position, true, "");
  }

  /**
   * Returns the nearest to a demand that nothing meets.
   *
   * @param explanation what was demanded, and how far away the nearest is
   */
  public static Verdict nearest(int position, String explanation) {
    return new Verdict(position, false, explanation);
  }
}
