package dev.tale.policy;

import dev.tale.evaluate.Configuration;
import java.util.List;

/**
 * A trade-off with a text.
 *
 * @param text what it chooses
 * @param needsCosts whether it goes by measured costs
 * @param choosing how it chooses
 */
record Rule(String text, boolean needsCosts, TradeOff choosing) implements TradeOff {

  static Rule of(String text, TradeOff choosing) {
    return new Rule(text, false, choosing);
  }

  static Rule ofCosts(String text, TradeOff choosing) {
    return new Rule(text, true, choosing);
  }

  @Override
  public Verdict choose(List<Configuration> path) {
    return choosing.choose(path);
  }

  @Override
  public String toString() {
    return text;
  }
}
