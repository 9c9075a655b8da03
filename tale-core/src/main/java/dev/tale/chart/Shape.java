package dev.tale.chart;

/** How a series looks: every one has its own sign, dash and colour. */
enum Shape {
  CIRCLE("s1") {
    @Override
    Element at(double x, double y) {
      return Element.of("circle").with("cx", x).with("cy", y).with("r", 4.5);
    }
  },
  SQUARE("s2") {
    @Override
    Element at(double x, double y) {
      return path(x, y, "m-4,-4h8v8h-8z");
    }
  },
  TRIANGLE("s3") {
    @Override
    Element at(double x, double y) {
      return path(x, y, "m0,-5.5l5,9h-10z");
    }
  },
  DIAMOND("s4") {
    @Override
    Element at(double x, double y) {
      return path(x, y, "m0,-6l5,6l-5,6l-5,-6z");
    }
  };

  private final String style;

  Shape(String style) {
    this.style = style;
  }

  /** Returns the look of a series by its position. */
  static Shape of(int series) {
    return values()[series % values().length];
  }

  /** Returns the name of the look in the style sheet. */
  String style() {
    return style;
  }

  abstract Element at(double x, double y);

  private static Element path(double x, double y, String shape) {
    return Element.of("path").with("d", "M" + Element.number(x) + "," + Element.number(y) + shape);
  }
}
