package dev.tale.chart;

import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;

/** One bar for each whole number, from zero, with a whisker for its interval. */
public final class BarChart {
  private static final double WIDTH = 640;
  private static final double LEFT = 62;
  private static final double RIGHT = 18;
  private static final double TOP = 18;
  private static final double PLOT = 150;
  private static final double BELOW = 48;

  private BarChart() {}

  /**
   * Returns the chart.
   *
   * @param id name of the chart, unique in its page
   * @param title what it shows, short
   * @param unit unit of the values
   * @param bars the bars, at least one, by ascending place
   * @param marked places of bars that look different and bear a cross
   * @throws IllegalArgumentException if there are no bars
   */
  public static String svg(
      String id, String title, String unit, List<Point> bars, Set<Integer> marked) {
    return svg(id, title, "layer", unit, bars, marked);
  }

  /**
   * Returns the chart of something else than layers.
   *
   * @param each what a bar is of
   */
  public static String svg(
      String id, String title, String each, String unit, List<Point> bars, Set<Integer> marked) {
    if (bars.isEmpty()) {
      throw new IllegalArgumentException("Chart " + id + " has no bars; give at least 1");
    }
    Canvas canvas = new Canvas(id, title, description(each, bars), WIDTH, TOP + PLOT + BELOW);
    Axes axes = axes(bars);
    axes.draw(canvas, each, unit, true);
    double width = Math.min(26, 0.7 * (axes.x().at(1) - axes.x().at(0)));
    bars.forEach(bar -> canvas.add(bar(bar, axes, width, marked.contains((int) bar.x()))));
    canvas.add(
        Element.line(axes.x().start(), axes.y().at(0), axes.x().end(), axes.y().at(0), "axis"));
    return canvas.toString();
  }

  private static String description(String each, List<Point> bars) {
    return "A bar for each of " + bars.size() + " " + each + "s; the table below has the values.";
  }

  private static Axes axes(List<Point> bars) {
    double[] values =
        bars.stream()
            .flatMapToDouble(
                bar -> DoubleStream.of(bar.interval().low(), bar.interval().high(), bar.value(), 0))
            .filter(Double::isFinite)
            .toArray();
    double low = DoubleStream.of(values).min().orElse(0);
    double high = DoubleStream.of(values).max().orElse(1);
    double space = 0.08 * (high - low);
    double last = bars.get(bars.size() - 1).x();
    return new Axes(
        Scale.of(bars.get(0).x() - 0.6, last + 0.6, LEFT, WIDTH - RIGHT),
        Scale.of(low < 0 ? low - space : low, high + space, TOP + PLOT, TOP));
  }

  private static Element bar(Point bar, Axes axes, double width, boolean marked) {
    double x = axes.x().at(bar.x());
    double zero = axes.y().at(0);
    double value = axes.y().at(bar.value());
    Element group = Element.of("g").with("class", marked ? "bar marked" : "bar");
    group.add(
        Element.rect(x - width / 2, Math.min(zero, value), width, Math.abs(zero - value), "column")
            .titled(bar.description()));
    if (marked) {
      group.add(Element.text(x, axes.y().end() + 2, "middle", "\u00d7").with("class", "cross"));
    }
    return group.add(Whisker.vertical(x, bar.interval(), axes.y()));
  }
}
