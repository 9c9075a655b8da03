package dev.tale.chart;

/**
 * A cell of a heat map.
 *
 * @param kind what is known of it
 * @param value the value that its colour says; of no meaning unless the kind is {@link Kind#VALUE}
 * @param text what stands in it, at most four characters
 * @param description what is said of it
 */
public record Cell(Kind kind, double value, String text, String description) {

  /** What is known of a cell. Every kind but {@link #NONE} has its own look. */
  public enum Kind {
    /** A value. */
    VALUE,
    /** The value that was chosen. */
    CHOSEN,
    /** A value that was refused. */
    REFUSED,
    /** Bounds of a value. */
    BOUNDS,
    /** What there is nothing to know of, for it is gone already. */
    GONE,
    /** Nothing. */
    NONE
  }

  /** Returns a cell of which nothing is known. */
  public static Cell none() {
    return new Cell(Kind.NONE, Double.NaN, "", "");
  }

  boolean hasValue() {
    return kind == Kind.VALUE || kind == Kind.CHOSEN || kind == Kind.REFUSED;
  }
}
