package dev.tale.report;

/**
 * What a trade-off made of a search.
 *
 * @param entry the chosen configuration; if nothing is what was demanded, the nearest
 * @param met whether it is what was demanded
 * @param text the trade-off and what came of it, one line for people
 */
public record Decision(Entry entry, boolean met, String text) {

  /** Returns what a configuration is called that has no other name. */
  String word() {
    return met ? "chosen" : "nearest";
  }
}
