package dev.tale.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts names beside points where they hide no point and no other name: above right, above left,
 * below right or below left, as far out as is needed, within the plot.
 */
final class Labels {
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

  private final Box plot;
  private final List<Box> taken = new ArrayList<>();

  Labels(double left, double top, double right, double bottom) {
    this.plot = new Box(left, top, right, bottom);
  }

  void avoid(double left, double top, double right, double bottom) {
    taken.add(new Box(left - 4, top - 4, right + 4, bottom + 4));
  }

  Element beside(double x, double y, String name) {
    for (int distance = 0; distance < DISTANCES; distance++) {
      for (int side = 0; side < 4; side++) {
        boolean right = side % 2 == 0;
        double base = side < 2 ? y - 7 - LINE * distance : y + 7 + LINE * (distance + 0.8);
        Box box = box(right ? x + 7 : x - 7, base, right, name);
        if (box.within(plot) && taken.stream().noneMatch(box::meets)) {
          taken.add(box);
          return label(right ? x + 7 : x - 7, base, right, name);
        }
      }
    }
    return label(x + 7, y - 7, true, name);
  }

  private static Box box(double x, double base, boolean right, String name) {
    double width = CHARACTER * name.length();
    return right
        ? new Box(x, base - LINE + 2, x + width, base + 2)
        : new Box(x - width, base - LINE + 2, x, base + 2);
  }

  private static Element label(double x, double base, boolean right, String name) {
    return Element.text(x, base, right ? "start" : "end", name).with("class", "label");
  }
}
