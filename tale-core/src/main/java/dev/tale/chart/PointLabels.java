package dev.tale.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts names beside points: above right, above left, below right or below left, as far out as is
 * needed. A name hides no point and no other name, and if there is room no line either.
 */
final class PointLabels {
  private static final double CHARACTER = 7;
  private static final double LINE = 13;
  private static final int DISTANCES = 6;

  private record Box(double left, double top, double right, double bottom) {
    boolean meets(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }

    boolean within(Box other) {
      return left >= other.left
          && right <= other.right
          && top >= other.top
          && bottom <= other.bottom;
    }
  }

  /** A place for a name: where its text stands, and whether to the right of there. */
  private record Place(double x, double base, boolean right) {
    Box box(String name) {
      double width = CHARACTER * name.length();
      return new Box(right ? x : x - width, base - LINE + 2, right ? x + width : x, base + 2);
    }
  }

  private final Box plot;
  private final List<Box> taken = new ArrayList<>();
  private final List<Box> lines = new ArrayList<>();

  PointLabels(double left, double top, double right, double bottom) {
    this.plot = new Box(left, top, right, bottom);
  }

  void avoidPoint(double x, double y) {
    taken.add(new Box(x - 5, y - 5, x + 5, y + 5));
  }

  void avoidLine(double left, double top, double right, double bottom) {
    lines.add(new Box(left - 4, top - 4, right + 4, bottom + 4));
  }

  Element beside(double x, double y, String name) {
    List<Place> free =
        places(x, y).stream()
            .filter(place -> place.box(name).within(plot) && !meets(place.box(name), taken))
            .toList();
    Place place =
        free.stream()
            .filter(each -> !meets(each.box(name), lines))
            .findFirst()
            .or(() -> free.stream().findFirst())
            .orElse(new Place(x + 7, y - 7, true));
    taken.add(place.box(name));
    return Element.text(place.x(), place.base(), place.right() ? "start" : "end", name)
        .with("class", "label");
  }

  private static boolean meets(Box box, List<Box> others) {
    return others.stream().anyMatch(box::meets);
  }

  /** The nearest places first. */
  private static List<Place> places(double x, double y) {
    List<Place> places = new ArrayList<>();
    for (int distance = 0; distance < DISTANCES; distance++) {
      double above = y - 7 - LINE * distance;
      double below = y + 7 + LINE * (distance + 0.8);
      places.add(new Place(x + 7, above, true));
      places.add(new Place(x - 7, above, false));
      places.add(new Place(x + 7, below, true));
      places.add(new Place(x - 7, below, false));
    }
    return places;
  }
}
