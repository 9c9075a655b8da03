package dev.tale.document;

/** A piece of a section. */
public sealed interface Block permits Block.Paragraph, Block.Warning, Block.Chart, Table {

  /** Text for people, one line. */
  record Paragraph(String text) implements Block {}

  /** Text that a reader of the figures must not miss, one line. */
  record Warning(String text) implements Block {
    /** Returns the text as every writer begins it. */
    String marked() {
      return "Warning: " + text;
    }
  }

  /**
   * A chart; its values are in a table of the same section, too.
   *
   * @param caption its subject
   * @param note how to read it
   * @param svg the drawing
   */
  record Chart(String caption, String note, String svg) implements Block {}
}
