package dev.tale.chart;

import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Series of values over whole numbers, each value with a whisker for its interval. Whiskers of
 * several series at one place stand side by side.
 */
public final class LineChart {
  private static final double WIDTH = 640;
  private static final double LEFT = 62;
  private static final double RIGHT = 18;
  private static final double PLOT = 250;
  private static final double BELOW = 48;
  private static final double ROW = 18;
  private static final double ASIDE = 5;
  private static final double CHARACTER = 9;
  private static final int LONGEST = 72;

  private final String id;
  private final String title;
  private final String description;
  private String xName = "";
  private String yName = "";
  private final Map<String, List<Point>> series = new LinkedHashMap<>();
  private final SetMultimap<String, Double> marks = LinkedHashMultimap.create();
  private final Map<String, Double> references = new LinkedHashMap<>();

  private LineChart(String id, String title, String description) {
    this.id = id;
    this.title = title;
    this.description = description;
  }

  /**
   * Starts a chart.
   *
   * @param id name of the chart, unique in its page
   * @param title what it shows, short
   * @param description what there is to see, in words
   */
  public static LineChart of(String id, String title, String description) {
    return new LineChart(id, title, description);
  }

  /** Names the axes. */
  public LineChart axes(String x, String y) {
    xName = x;
    yName = y;
    return this;
  }

  /** Adds a series; one without points is left out. */
  public LineChart series(String name, List<Point> points) {
    if (!points.isEmpty()) {
      series.put(name, List.copyOf(points));
    }
    return this;
  }

  /** Marks a place of the x axis with a name above the plot. */
  public LineChart mark(String name, double x) {
    marks.put(name, x);
    return this;
  }

  /** Draws a line across the plot at a value. */
  public LineChart reference(String name, double value) {
    references.put(name, value);
    return this;
  }

  /**
   * Returns the chart.
   *
   * @throws IllegalStateException if there is no series
   */
  public String svg() {
    if (series.isEmpty()) {
      throw new IllegalStateException("Chart " + id + " has no points; add a series");
    }
    double top = ROW * (0.5 + legendRows() + marks.keySet().size()) + 8;
    Canvas canvas = new Canvas(id, title, description, WIDTH, top + PLOT + BELOW);
    Axes axes = axes(top);
    axes.draw(canvas, xName, yName, true);
    legend(canvas);
    marks(canvas, axes);
    references.forEach((name, value) -> reference(canvas, axes, name, value));
    int position = 0;
    for (List<Point> points : series.values()) {
      double aside = (position - (series.size() - 1) / 2.0) * 2 * ASIDE;
      canvas.add(line(points, axes, Shape.of(position), aside));
      position++;
    }
    return canvas.toString();
  }

  private Axes axes(double top) {
    double[] xs = points().mapToDouble(Point::x).toArray();
    double[] ys =
        DoubleStream.concat(
                points().flatMapToDouble(p -> DoubleStream.of(p.interval().low(), p.value())),
                DoubleStream.concat(
                    points().mapToDouble(p -> p.interval().high()),
                    references.values().stream().mapToDouble(Double::doubleValue)))
            .filter(Double::isFinite)
            .toArray();
    double low = DoubleStream.of(ys).min().orElse(0);
    double high = DoubleStream.of(ys).max().orElse(1);
    double space = 0.04 * (high - low);
    return new Axes(
        Scale.of(
            DoubleStream.of(xs).min().orElse(0) - 0.3,
            DoubleStream.of(xs).max().orElse(1) + 0.3,
            LEFT,
            WIDTH - RIGHT),
        Scale.of(low - space, high + space, top + PLOT, top));
  }

  private Stream<Point> points() {
    return series.values().stream().flatMap(List::stream);
  }

  /** Names that do not fit beside one another stand one below the other. */
  private int legendRows() {
    int characters = series.keySet().stream().mapToInt(String::length).sum();
    double needed = series.size() * 60 + CHARACTER * characters;
    return needed <= WIDTH - LEFT ? 1 : series.size();
  }

  private void legend(Canvas canvas) {
    boolean beside = legendRows() == 1;
    double x = LEFT;
    double y = 14;
    int position = 0;
    for (String name : series.keySet()) {
      Shape shape = Shape.of(position++);
      Element entry = Element.of("g").with("class", shape.style());
      entry.add(Element.line(x, y, x + 30, y, "line"));
      entry.add(shape.at(x + 15, y));
      entry.add(Element.text(x + 36, y + 4, "start", ChartText.cut(name, LONGEST)));
      canvas.add(entry);
      x += beside ? 60 + CHARACTER * name.length() : 0;
      y += beside ? 0 : ROW;
    }
  }

  private void marks(Canvas canvas, Axes axes) {
    double y = ROW * (1 + legendRows());
    for (String name : marks.keySet()) {
      for (double x : marks.get(name)) {
        double at = axes.x().at(x);
        Element mark = Element.of("g").with("class", "mark");
        mark.add(Element.line(at, y + 4, at, axes.y().start(), "pointer"));
        mark.add(Element.text(at, y, anchor(at, name), name));
        canvas.add(mark);
      }
      y += ROW;
    }
  }

  /** Where a name stands to its place, so that it ends within the chart. */
  private static String anchor(double at, String name) {
    double half = CHARACTER * name.length() / 2;
    if (at - half < 0) {
      return "start";
    }
    return at + half > WIDTH ? "end" : "middle";
  }

  private static void reference(Canvas canvas, Axes axes, String name, double value) {
    double y = axes.y().at(value);
    canvas.add(Element.line(axes.x().start(), y, axes.x().end(), y, "reference"));
    canvas.add(Element.text(axes.x().end(), y - 5, "end", name).with("class", "tick"));
  }

  private static Element line(List<Point> points, Axes axes, Shape shape, double aside) {
    Element group = Element.of("g").with("class", "series " + shape.style());
    List<String> corners = new ArrayList<>();
    for (Point point : points) {
      corners.add(Element.number(axes.x().at(point.x()) + aside));
      corners.add(Element.number(axes.y().at(point.value())));
    }
    group.add(
        Element.of("polyline").with("class", "line").with("points", String.join(" ", corners)));
    points.forEach(point -> group.add(value(point, axes, shape, aside)));
    return group;
  }

  private static Element value(Point point, Axes axes, Shape shape, double aside) {
    double x = axes.x().at(point.x()) + aside;
    return Element.of("g")
        .with("class", "value")
        .add(Whisker.vertical(x, point.interval(), axes.y()))
        .add(shape.at(x, axes.y().at(point.value())).titled(point.description()));
  }
}
