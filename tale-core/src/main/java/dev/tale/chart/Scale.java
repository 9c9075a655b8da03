package dev.tale.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Maps values to coordinates, linearly.
 *
 * @param low value at {@code start}
 * @param high value at {@code end}, greater than {@code low}
 * @param start coordinate of {@code low}
 * @param end coordinate of {@code high}
 */
record Scale(double low, double high, double start, double end) {

  /** Returns a scale of finite values, wide enough to be one if they are all the same. */
  static Scale of(double low, double high, double start, double end) {
    double least = Math.max(Math.max(Math.abs(low), Math.abs(high)) * 1e-6, 1e-9);
    return high - low >= least
        ? new Scale(low, high, start, end)
        : new Scale(low - Math.max(least, 0.05), high + Math.max(least, 0.05), start, end);
  }

  double at(double value) {
    return start + (value - low) / (high - low) * (end - start);
  }

  /** Returns about so many round values in the range, ascending. */
  List<Double> ticks(int about) {
    return multiples(step(about));
  }

  /** As {@link #ticks}, whole numbers only. */
  List<Double> wholeTicks(int about) {
    return multiples(Math.max(1, step(about)));
  }

  private List<Double> multiples(double step) {
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** Returns 1, 2 or 5 times a power of ten. */
  private double step(int about) {
    double rough = (high - low) / about;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (int factor : new int[] {1, 2, 5}) {
      if (factor * power >= rough * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** Writes a tick with as many decimals as tell it from its neighbours. */
  String label(double tick, int about) {
    double step = step(about);
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    String text = String.format(Locale.ROOT, "%." + Math.min(decimals, 12) + "f", tick);
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }
}
