package dev.tale.chart;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A table of values as colours. What is not a value looks different in form too: bounds are
 * hatched, what is gone is an empty cell with a dash, what was chosen has a thick border and what
 * was refused a dashed one.
 */
public final class HeatMap {
  private static final double LEFT = 62;
  private static final double RIGHT = 18;
  private static final double TOP = 62;
  private static final double BELOW = 46;
  private static final double HEIGHT = 26;
  private static final double LEAST = 29;
  private static final double MOST = 46;

  private final String id;
  private final List<String> columns;
  private final List<List<Cell>> rows;
  private final Scale colors;
  private final double width;

  private HeatMap(String id, List<String> columns, List<List<Cell>> rows) {
    this.id = id;
    this.columns = columns;
    this.rows = rows;
    this.width = Math.max(LEAST, Math.min(MOST, 560.0 / columns.size()));
    double[] values =
        rows.stream()
            .flatMap(List::stream)
            .filter(Cell::hasValue)
            .mapToDouble(Cell::value)
            .toArray();
    this.colors =
        Scale.of(
            DoubleStream.of(values).min().orElse(0), DoubleStream.of(values).max().orElse(1), 0, 1);
  }

  /**
   * Returns the chart.
   *
   * @param id name of the chart, unique in its page
   * @param title what it shows, short
   * @param description what there is to see, in words
   * @param columns names of the columns, at least one
   * @param rows cells by row, one for each column
   * @throws IllegalArgumentException if there is no cell, or a row has another number than one for
   *     each column
   */
  public static String svg(
      String id, String title, String description, List<String> columns, List<List<Cell>> rows) {
    boolean even = rows.stream().allMatch(row -> row.size() == columns.size());
    if (columns.isEmpty() || rows.isEmpty() || !even) {
      throw new IllegalArgumentException(
          "Chart " + id + " has rows of other lengths than " + columns.size() + ", or no cells");
    }
    return new HeatMap(id, columns, rows).draw(title, description);
  }

  private String draw(String title, String description) {
    double right = Math.max(LEFT + columns.size() * width, 640) + RIGHT;
    double bottom = TOP + rows.size() * HEIGHT;
    Canvas canvas = new Canvas(id, title, description, right, bottom + BELOW);
    canvas.add(hatch());
    legend(canvas);
    for (int row = 0; row < rows.size(); row++) {
      double y = TOP + row * HEIGHT;
      canvas.add(
          Element.text(LEFT - 8, y + 17, "end", String.valueOf(row + 1)).with("class", "tick y"));
      for (int column = 0; column < columns.size(); column++) {
        canvas.add(cell(rows.get(row).get(column), LEFT + column * width, y));
      }
    }
    // Borders of single cells come last, lest their neighbours hide them.
    IntStream.range(0, rows.size()).forEach(row -> borders(canvas, row));
    names(canvas, bottom);
    return canvas.toString();
  }

  private void names(Canvas canvas, double bottom) {
    for (int column = 0; column < columns.size(); column++) {
      double x = LEFT + (column + 0.5) * width;
      canvas.add(
          Element.text(x, bottom + 17, "middle", columns.get(column)).with("class", "tick x"));
    }
    canvas.add(Element.text(LEFT + columns.size() * width / 2, bottom + 38, "middle", "layer"));
    String middle = Element.number((TOP + bottom) / 2);
    canvas.add(
        Element.text(0, 0, "middle", "round")
            .with("transform", "translate(14 " + middle + ") rotate(-90)"));
  }

  private Element hatch() {
    return Element.of("defs")
        .add(
            Element.of("pattern")
                .with("id", id + "-hatch")
                .with("width", 6)
                .with("height", 6)
                .with("patternUnits", "userSpaceOnUse")
                .with("patternTransform", "rotate(45)")
                .add(Element.rect(0, 0, 6, 6, "hatch-ground"))
                .add(Element.line(0, 0, 0, 6, "hatch-line")));
  }

  private Element cell(Cell cell, double x, double y) {
    Element group = Element.of("g").with("class", "cell " + style(cell));
    Element ground = Element.rect(x, y, width, HEIGHT, "ground").titled(cell.description());
    Element text = Element.text(x + width / 2, y + 17, "middle", cell.text());
    if (cell.hasValue()) {
      ground.with("fill", Viridis.color(colors.at(cell.value())));
      text.with("class", Viridis.isDark(colors.at(cell.value())) ? "on-dark" : "on-light");
    } else if (cell.kind() == Cell.Kind.BOUNDS) {
      ground.with("fill", "url(#" + id + "-hatch)");
    }
    return group.add(ground).add(text);
  }

  private static String style(Cell cell) {
    return switch (cell.kind()) {
      case VALUE, CHOSEN, REFUSED -> "known";
      case BOUNDS -> "bounds";
      case GONE -> "gone";
      case NONE -> "none";
    };
  }

  private void borders(Canvas canvas, int row) {
    for (int column = 0; column < columns.size(); column++) {
      Cell.Kind kind = rows.get(row).get(column).kind();
      if (kind == Cell.Kind.CHOSEN || kind == Cell.Kind.REFUSED) {
        canvas.add(border(kind, LEFT + column * width, TOP + row * HEIGHT, width));
      }
    }
  }

  private static Element border(Cell.Kind kind, double x, double y, double width) {
    String style = kind == Cell.Kind.CHOSEN ? "border chosen" : "border refused";
    return Element.of("g")
        .with("class", style)
        .add(Element.rect(x + 1.5, y + 1.5, width - 3, HEIGHT - 3, "outer"))
        .add(Element.rect(x + 3.5, y + 3.5, width - 7, HEIGHT - 7, "inner"));
  }

  private void legend(Canvas canvas) {
    int steps = 24;
    for (int step = 0; step < steps; step++) {
      canvas.add(
          Element.rect(LEFT + 5 * step, 8, 5.2, 12, "color")
              .with("fill", Viridis.color((step + 0.5) / steps)));
    }
    canvas.add(
        Element.text(LEFT, 34, "start", ChartText.fraction(colors.low())).with("class", "tick"));
    canvas.add(
        Element.text(LEFT + 120, 34, "end", ChartText.fraction(colors.high()))
            .with("class", "tick"));
    double x = LEFT + 144;
    x = sample(canvas, x, new Cell(Cell.Kind.CHOSEN, colors.high(), "", ""), "accepted");
    x = sample(canvas, x, new Cell(Cell.Kind.BOUNDS, 0, "\u2264", ""), "bound only");
    x = sample(canvas, x, new Cell(Cell.Kind.GONE, 0, "\u2013", ""), "removed");
    if (rows.stream().flatMap(List::stream).anyMatch(c -> c.kind() == Cell.Kind.REFUSED)) {
      sample(canvas, x, new Cell(Cell.Kind.REFUSED, colors.high(), "", ""), "refused");
    }
  }

  private double sample(Canvas canvas, double x, Cell cell, String name) {
    canvas.add(cell(cell, x, 4));
    if (cell.hasValue()) {
      canvas.add(border(cell.kind(), x, 4, width));
    }
    canvas.add(Element.text(x + width + 6, 21, "start", name).with("class", "tick"));
    return x + width + 22 + 6.5 * name.length();
  }
}
