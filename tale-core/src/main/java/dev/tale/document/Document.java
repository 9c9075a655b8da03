package dev.tale.document;

import java.util.List;

/**
 * A title and sections, in their order: all that a reader is told, before it is decided how it is
 * written.
 */
public record Document(String title, List<DocumentSection> sections) {
  /** Copies the sections. */
  public Document {
    sections = List.copyOf(sections);
  }
}
