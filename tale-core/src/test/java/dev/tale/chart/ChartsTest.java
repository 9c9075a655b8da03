package dev.tale.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.base.Splitter;
import dev.tale.estimate.Interval;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** Marks stand where their values are, read off the chart's own ticks. */
class ChartsTest {
  /** Coordinates have two decimals. */
  private static final double EXACT = 1e-3;

  private static Point point(double x, double value) {
    return new Point(x, value, new Interval(value - 0.06, value + 0.04), x + " is <" + value + ">");
  }

  private static List<Point> points(double... values) {
    return IntStream.range(0, values.length).mapToObj(i -> point(i, values[i])).toList();
  }

  private static LineChart line() {
    return LineChart.of("id", "A title", "A description").axes("layers & parts", "accuracy");
  }

  @Test
  void lineChart_pointsAndWhiskersStandAtTheirValues() throws IOException {
    List<Point> points = points(0.86, 0.9, 0.71);
    Xml svg = Xml.parse(line().series("held-out", points).svg());
    List<Element> circles = svg.find("//g[@class='value']/circle");
    assertThat(circles).hasSize(3);
    for (int i = 0; i < 3; i++) {
      Element circle = circles.get(i);
      assertThat(svg.value("x", Xml.number(circle, "cx"))).isCloseTo(i, within(EXACT));
      assertThat(svg.value("y", Xml.number(circle, "cy")))
          .isCloseTo(points.get(i).value(), within(EXACT));
    }
    Element stem = svg.find("//line[@class='stem']").get(2);
    assertThat(svg.value("y", Xml.number(stem, "y1"))).isCloseTo(0.65, within(EXACT));
    assertThat(svg.value("y", Xml.number(stem, "y2"))).isCloseTo(0.75, within(EXACT));
  }

  @Test
  void lineChart_joinsItsPoints() throws IOException {
    Xml svg = Xml.parse(line().series("held-out", points(0.1, 0.5)).svg());
    List<Element> circles = svg.find("//g[@class='value']/circle");
    assertThat(svg.find("//polyline").get(0).getAttribute("points"))
        .isEqualTo(
            String.join(
                " ",
                circles.get(0).getAttribute("cx"),
                circles.get(0).getAttribute("cy"),
                circles.get(1).getAttribute("cx"),
                circles.get(1).getAttribute("cy")));
  }

  @Test
  void lineChart_seriesDifferInShapeAndStandAside() throws IOException {
    Xml svg =
        Xml.parse(
            line()
                .series("a", points(0.5, 0.6))
                .series("b", points(0.5, 0.6))
                .series("c", List.of())
                .svg());
    assertThat(svg.find("//g[@class='series s1']//circle")).hasSize(2);
    assertThat(svg.find("//g[@class='series s2']//path")).hasSize(2);
    assertThat(svg.find("//g[starts-with(@class,'series')]")).hasSize(2);
    List<Element> stems = svg.find("//line[@class='stem']");
    assertThat(Xml.number(stems.get(0), "x1")).isLessThan(Xml.number(stems.get(2), "x1"));
  }

  @Test
  void lineChart_marksAndReferences() throws IOException {
    Xml svg =
        Xml.parse(
            line()
                .series("a", points(0.5, 0.6, 0.7))
                .mark("BEST", 2)
                .mark("FINAL", 2)
                .reference("baseline", 0.52)
                .svg());
    assertThat(svg.texts("//g[@class='mark']/text")).containsExactly("BEST", "FINAL");
    for (Element pointer : svg.find("//line[@class='pointer']")) {
      assertThat(svg.value("x", Xml.number(pointer, "x1"))).isCloseTo(2, within(EXACT));
    }
    Element reference = svg.find("//line[@class='reference']").get(0);
    assertThat(svg.value("y", Xml.number(reference, "y1"))).isCloseTo(0.52, within(EXACT));
  }

  @Test
  void lineChart_longNamesStandBelowOneAnotherAndAreCut() throws IOException {
    String name = "information at the last token by a probe, ".repeat(3);
    Xml svg = Xml.parse(line().series(name + 1, points(1, 2)).series(name + 2, points(1, 3)).svg());
    List<Element> names = svg.find("/svg/g[@class='s1' or @class='s2']/text");
    assertThat(names).hasSize(2).allMatch(text -> text.getTextContent().endsWith("\u2026"));
    assertThat(Xml.number(names.get(1), "y")).isEqualTo(Xml.number(names.get(0), "y") + 18);
    assertThat(names.get(1).getAttribute("x")).isEqualTo(names.get(0).getAttribute("x"));
  }

  @Test
  void everyChart_isNamedAndDescribed() throws IOException {
    for (String chart : charts("<&\"'>")) {
      Xml svg = Xml.parse(chart);
      Element root = svg.find("/svg").get(0);
      assertThat(root.getAttribute("role")).isEqualTo("img");
      for (String id : Splitter.on(' ').split(root.getAttribute("aria-labelledby"))) {
        assertThat(svg.texts("//*[@id='" + id + "']").get(0)).isNotBlank();
      }
      assertThat(svg.texts("/svg/title")).containsExactly("<&\"'>");
    }
  }

  private static List<String> charts(String title) {
    return List.of(
        LineChart.of("a", title, "d").series("s", points(1)).svg(),
        BarChart.svg("b", title, "bit", points(1, 2), Set.of(1)),
        HeatMap.svg("c", title, "d", List.of("0"), List.of(List.of(Cell.none()))),
        ScatterChart.of("d", List.of(mark("m", 1, 1)), Set.of(0)).svg(title, "d", "x", "y"));
  }

  @Test
  void lineChart_oneValueOrEqualOnes() throws IOException {
    Point exact = new Point(0, 1, new Interval(1, 1), "");
    Xml svg = Xml.parse(line().series("a", List.of(exact)).svg());
    assertThat(svg.value("y", Xml.number(svg.find("//g[@class='value']/circle").get(0), "cy")))
        .isCloseTo(1, within(EXACT));
  }

  @Test
  void lineChart_unboundedIntervalIsCutAtThePlot() throws IOException {
    Point unknown =
        new Point(
            1, 0.4, new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY), "unknown");
    Xml svg = Xml.parse(line().series("a", List.of(point(0, 0.5), unknown)).svg());
    Element stem = svg.find("//line[@class='stem']").get(1);
    assertThat(Xml.number(stem, "y1")).isFinite().isGreaterThan(Xml.number(stem, "y2"));
  }

  @Test
  void lineChart_nothingToDraw_isRefused() {
    LineChart empty = line().series("a", List.of());
    assertThatThrownBy(empty::svg)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("id");
  }

  @Test
  void barChart_barsReachFromZeroToTheirValues() throws IOException {
    List<Point> bars = points(0.9, -0.4, 0.02);
    Xml svg = Xml.parse(BarChart.svg("id", "t", "bit", bars, Set.of(1)));
    List<Element> columns = svg.find("//rect[@class='column']");
    for (int i = 0; i < bars.size(); i++) {
      double top = Xml.number(columns.get(i), "y");
      double bottom = top + Xml.number(columns.get(i), "height");
      double value = bars.get(i).value();
      assertThat(svg.value("y", top)).isCloseTo(Math.max(0, value), within(2 * EXACT));
      assertThat(svg.value("y", bottom)).isCloseTo(Math.min(0, value), within(2 * EXACT));
      double middle = Xml.number(columns.get(i), "x") + Xml.number(columns.get(i), "width") / 2;
      assertThat(svg.value("x", middle)).isCloseTo(i, within(2 * EXACT));
    }
    assertThat(svg.find("//g[@class='bar marked']")).hasSize(1);
    assertThat(svg.texts("//text[@class='cross']")).containsExactly("\u00d7");
  }

  @Test
  void heatMap_cellsStandInTheirRowsAndColumns() throws IOException {
    List<List<Cell>> rows = new ArrayList<>();
    for (int row = 0; row < 3; row++) {
      int each = row;
      rows.add(
          IntStream.range(0, 4)
              .mapToObj(
                  column -> new Cell(Cell.Kind.VALUE, each * 4 + column, each + "/" + column, "d"))
              .toList());
    }
    Xml svg = Xml.parse(HeatMap.svg("id", "t", "d", List.of("a", "b", "c", "d"), rows));
    List<Element> names = svg.find("//text[@class='tick x']");
    List<Element> rounds = svg.find("//text[@class='tick y']");
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 4; column++) {
        Element cell = svg.find("//text[text()='" + row + "/" + column + "']").get(0);
        assertThat(cell.getAttribute("x")).isEqualTo(names.get(column).getAttribute("x"));
        assertThat(cell.getAttribute("y")).isEqualTo(rounds.get(row).getAttribute("y"));
      }
    }
    assertThat(svg.find("//g[@class='cell known']/rect[@fill='#440154']")).hasSize(1);
    assertThat(svg.find("//g[@class='cell known']/rect[@fill='#fde725']")).hasSizeGreaterThan(0);
  }

  @Test
  void heatMap_kindsDifferInForm() throws IOException {
    List<Cell> row =
        List.of(
            new Cell(Cell.Kind.VALUE, 0.1, "v", ""),
            new Cell(Cell.Kind.CHOSEN, 0.2, "c", ""),
            new Cell(Cell.Kind.REFUSED, 0.3, "r", ""),
            new Cell(Cell.Kind.BOUNDS, 0.4, "b", ""),
            new Cell(Cell.Kind.GONE, 0, "g", ""),
            Cell.none());
    Xml svg =
        Xml.parse(HeatMap.svg("id", "t", "d", List.of("0", "1", "2", "3", "4", "5"), List.of(row)));
    assertThat(svg.find("//g[@class='cell bounds'][text='b']/rect[@fill='url(#id-hatch)']"))
        .hasSize(1);
    assertThat(svg.find("//g[@class='cell gone'][text='g']/rect[not(@fill)]")).hasSize(1);
    assertThat(svg.find("//g[@class='cell none']/rect[not(@fill)]")).hasSize(1);
    // One in the map and one in the legend.
    assertThat(svg.find("//g[@class='border chosen']")).hasSize(2);
    assertThat(svg.find("//g[@class='border refused']")).hasSize(2);
  }

  @Test
  void heatMap_unevenRows_areRefused() {
    List<List<Cell>> rows = List.of(List.of(Cell.none()));
    List<String> columns = List.of("0", "1");
    assertThatThrownBy(() -> HeatMap.svg("id", "t", "d", columns, rows))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ScatterChart.Mark mark(String name, double x, double y) {
    return new ScatterChart.Mark(
        name, x, new Interval(x - 0.5, x + 0.5), y, new Interval(y - 0.02, y + 0.02));
  }

  @Test
  void scatterChart_pointsStandAtTheirValues() throws IOException {
    List<ScatterChart.Mark> marks = List.of(mark("a", 7, 0.8), mark("b", 9, 0.95));
    Xml svg = Xml.parse(ScatterChart.of("id", marks, Set.of(0, 1)).svg("t", "d", "ms", "acc"));
    List<Element> circles = svg.find("//g[starts-with(@class,'value')]/circle");
    for (int i = 0; i < 2; i++) {
      assertThat(svg.value("x", Xml.number(circles.get(i), "cx")))
          .isCloseTo(marks.get(i).x(), within(EXACT));
      assertThat(svg.value("y", Xml.number(circles.get(i), "cy")))
          .isCloseTo(marks.get(i).y(), within(EXACT));
    }
  }

  @Test
  void scatterChart_dominatedPointsHaveAnotherShapeAndAreNotJoined() throws IOException {
    List<ScatterChart.Mark> marks = List.of(mark("a", 7, 0.8), mark("b", 9, 0.7));
    Xml svg = Xml.parse(ScatterChart.of("id", marks, Set.of(0)).svg("t", "d", "ms", "acc"));
    assertThat(svg.find("//g[@class='value s1 front']/circle")).hasSize(1);
    assertThat(svg.find("//g[@class='value s2 dominated']/path")).hasSize(1);
    assertThat(svg.find("//polyline").get(0).getAttribute("points").split(" ")).hasSize(2);
  }

  /** Points at one place still have names that can be read. */
  @Test
  void scatterChart_namesDoNotHideOneAnother() throws IOException {
    List<ScatterChart.Mark> marks =
        IntStream.range(0, 6).mapToObj(i -> mark("point " + i, 8 + 0.01 * i, 0.9)).toList();
    Xml svg = Xml.parse(ScatterChart.of("id", marks, Set.of(0)).svg("t", "d", "ms", "acc"));
    List<Element> names = svg.find("//text[@class='label']");
    assertThat(names).hasSize(6);
    for (Element one : names) {
      for (Element other : names) {
        boolean sameSide =
            one.getAttribute("text-anchor").equals(other.getAttribute("text-anchor"));
        double apart = Math.abs(Xml.number(one, "y") - Xml.number(other, "y"));
        assertThat(one == other || !sameSide || apart >= 13).isTrue();
      }
    }
  }

  /** WCAG asks for a contrast of 4.5 between text and ground. */
  @Test
  void viridis_textCanBeReadOnEveryColour() {
    double darker = -1;
    for (int step = 0; step <= 200; step++) {
      String color = Viridis.color(step / 200.0);
      double luminance = luminance(color);
      double contrast =
          Viridis.isDark(step / 200.0) ? 1.05 / (luminance + 0.05) : (luminance + 0.05) / 0.05;
      assertThat(contrast).as(color).isGreaterThanOrEqualTo(4.5);
      assertThat(luminance).as(color).isGreaterThan(darker);
      darker = luminance;
    }
  }

  private static double luminance(String color) {
    double[] weights = {0.2126, 0.7152, 0.0722};
    double luminance = 0;
    for (int channel = 0; channel < 3; channel++) {
      double share =
          Integer.parseInt(color.substring(1 + 2 * channel, 3 + 2 * channel), 16) / 255.0;
      luminance +=
          weights[channel]
              * (share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4));
    }
    return luminance;
  }
}
