package dev.tale;

import dev.tale.evaluate.Configuration;
import dev.tale.model.LatencyMeter;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import dev.tale.policy.TradeOff;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The configurations of a path that are written and measured: all of them, unless that would write
 * more than anybody expects of a search.
 *
 * @param positions in the path, ascending, the baseline first
 * @param rest why others are not measured, and what to do about it; empty if there are none
 */
record MeasuredPart(List<Integer> positions, String rest) {
  /** 32 GiB: a minute or two of writing and loading. */
  static final long MOST_BYTES = 32L << 30;

  /** Returns the whole path. */
  static MeasuredPart all(List<Configuration> path) {
    return new MeasuredPart(IntStream.range(0, path.size()).boxed().toList(), "");
  }

  /**
   * Returns the whole path if its files have at most so many bytes in all, or if their size is not
   * known; or else what is reported, and what a trade-off that does not go by costs chooses.
   */
  static MeasuredPart of(
      LatencyMeter meter,
      ModelInfo model,
      List<Configuration> path,
      TradeOff tradeOff,
      long mostBytes) {
    long whole = meter.bytes();
    double bytes =
        path.stream().mapToDouble(each -> whole - (double) removed(model, each.mask())).sum();
    if (whole == 0 || bytes <= mostBytes || tradeOff.needsCosts()) {
      return all(path);
    }
    List<Integer> reported = reported(path, tradeOff);
    if (reported.size() == path.size()) {
      return all(path);
    }
    String rest =
        String.format(
            Locale.ROOT,
            "the other %d of %d configurations, for to write all takes about %,.0f bytes, more than"
                + " %,d; to measure them, call latencyOfAll(), or choose by a"
                + " trade-off of measured costs, and run again, with the journal if there is one",
            path.size() - reported.size(),
            path.size(),
            bytes,
            mostBytes);
    return new MeasuredPart(reported, rest);
  }

  private static long removed(ModelInfo model, LayerMask mask) {
    return mask.removed().stream().mapToLong(layer -> model.layers().get(layer).bytes()).sum();
  }

  private static List<Integer> reported(List<Configuration> path, TradeOff tradeOff) {
    TreeSet<Integer> positions = new TreeSet<>(List.of(0));
    for (TradeOff each :
        List.of(TradeOff.best(), TradeOff.bestSpeedup(), TradeOff.last(), tradeOff)) {
      positions.add(each.choose(path).position());
    }
    return List.copyOf(positions);
  }
}
