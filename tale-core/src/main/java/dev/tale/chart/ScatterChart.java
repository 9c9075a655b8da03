package dev.tale.chart;

import dev.tale.estimate.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Points with an interval in either direction; those on the front are filled and joined. */
public final class ScatterChart {
  private static final double WIDTH = 640;
  private static final double LEFT = 62;
  private static final double RIGHT = 18;
  private static final double TOP = 34;
  private static final double PLOT = 280;
  private static final double BELOW = 48;
  private static final int STEPS = 60;
  private static final int LONGEST = 28;

  /**
   * A point.
   *
   * @param name its name, written beside it
   * @param x place from left to right
   * @param xInterval where x may be
   * @param y place from bottom to top
   * @param yInterval where y may be
   */
  public record Mark(String name, double x, Interval xInterval, double y, Interval yInterval) {}

  private final String id;
  private final List<Mark> marks;
  private final Set<Integer> front;

  private ScatterChart(String id, List<Mark> marks, Set<Integer> front) {
    this.id = id;
    this.marks = marks;
    this.front = front;
  }

  /**
   * Starts a chart.
   *
   * @param id name of the chart, unique in its page
   * @param marks the points, at least one
   * @param front positions of the points on the front
   * @throws IllegalArgumentException if there are no points
   */
  public static ScatterChart of(String id, List<Mark> marks, Set<Integer> front) {
    if (marks.isEmpty()) {
      throw new IllegalArgumentException("Chart " + id + " has no points; give at least 1");
    }
    return new ScatterChart(id, List.copyOf(marks), Set.copyOf(front));
  }

  /**
   * Returns the chart.
   *
   * @param title what it shows, short
   * @param description what there is to see, in words
   * @param xName name of the x axis
   * @param yName name of the y axis
   */
  public String svg(String title, String description, String xName, String yName) {
    Canvas canvas = new Canvas(id, title, description, WIDTH, TOP + PLOT + BELOW);
    Axes axes = axes();
    axes.draw(canvas, xName, yName, false);
    legend(canvas);
    canvas.add(line(axes));
    PointLabels labels = new PointLabels(LEFT, TOP, WIDTH - RIGHT, TOP + PLOT);
    marks.forEach(mark -> avoid(labels, mark, axes));
    avoidLine(labels, axes);
    for (int position = 0; position < marks.size(); position++) {
      canvas.add(mark(marks.get(position), front.contains(position), axes));
    }
    marks.forEach(
        mark ->
            canvas.add(
                labels.beside(
                    axes.x().at(mark.x()),
                    axes.y().at(mark.y()),
                    ChartText.cut(mark.name(), LONGEST))));
    return canvas.toString();
  }

  private static void avoid(PointLabels labels, Mark mark, Axes axes) {
    double x = axes.x().at(mark.x());
    double y = axes.y().at(mark.y());
    labels.avoidPoint(x, y);
    double left = axes.x().at(mark.xInterval().low());
    labels.avoidLine(left, y, axes.x().at(mark.xInterval().high()), y);
    double top = axes.y().at(mark.yInterval().high());
    labels.avoidLine(x, top, x, axes.y().at(mark.yInterval().low()));
  }

  private void avoidLine(PointLabels labels, Axes axes) {
    List<Mark> corners = joined();
    for (int i = 1; i < corners.size(); i++) {
      for (int step = 0; step <= STEPS; step++) {
        double share = (double) step / STEPS;
        double x = between(corners.get(i - 1).x(), corners.get(i).x(), share);
        double y = between(corners.get(i - 1).y(), corners.get(i).y(), share);
        labels.avoidLine(axes.x().at(x), axes.y().at(y), axes.x().at(x), axes.y().at(y));
      }
    }
  }

  private static double between(double from, double to, double share) {
    return from + share * (to - from);
  }

  private Axes axes() {
    return new Axes(
        scale(
            marks.stream()
                .flatMapToDouble(
                    m -> DoubleStream.of(m.xInterval().low(), m.x(), m.xInterval().high())),
            LEFT,
            WIDTH - RIGHT),
        scale(
            marks.stream()
                .flatMapToDouble(
                    m -> DoubleStream.of(m.yInterval().low(), m.y(), m.yInterval().high())),
            TOP + PLOT,
            TOP));
  }

  private static Scale scale(DoubleStream all, double start, double end) {
    double[] values = all.filter(Double::isFinite).toArray();
    double low = DoubleStream.of(values).min().orElse(0);
    double high = DoubleStream.of(values).max().orElse(1);
    double space = 0.06 * (high - low);
    return Scale.of(low - space, high + space, start, end);
  }

  private static void legend(Canvas canvas) {
    canvas.add(
        Element.of("g")
            .with("class", "s1 front")
            .add(Shape.CIRCLE.at(LEFT + 6, 14))
            .add(Element.text(LEFT + 16, 18, "start", "on the front")));
    canvas.add(
        Element.of("g")
            .with("class", "s2 dominated")
            .add(Shape.SQUARE.at(LEFT + 126, 14))
            .add(Element.text(LEFT + 136, 18, "start", "another is at least as good in both")));
  }

  private List<Mark> joined() {
    return IntStream.range(0, marks.size())
        .filter(front::contains)
        .mapToObj(marks::get)
        .sorted((a, b) -> Double.compare(a.x(), b.x()))
        .toList();
  }

  private Element line(Axes axes) {
    List<String> corners = new ArrayList<>();
    for (Mark mark : joined()) {
      corners.add(Element.number(axes.x().at(mark.x())));
      corners.add(Element.number(axes.y().at(mark.y())));
    }
    return Element.of("polyline")
        .with("class", "line s1")
        .with("points", String.join(" ", corners));
  }

  private static Element mark(Mark mark, boolean onFront, Axes axes) {
    double x = axes.x().at(mark.x());
    double y = axes.y().at(mark.y());
    Shape shape = onFront ? Shape.CIRCLE : Shape.SQUARE;
    return Element.of("g")
        .with("class", "value " + shape.style() + (onFront ? " front" : " dominated"))
        .add(Whisker.vertical(x, mark.yInterval(), axes.y()))
        .add(Whisker.horizontal(y, mark.xInterval(), axes.x()))
        .add(shape.at(x, y).titled(mark.name()));
  }
}
