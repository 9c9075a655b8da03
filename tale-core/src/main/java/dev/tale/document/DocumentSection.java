package dev.tale.document;

import java.util.List;

/**
 * A part of a document.
 *
 * @param id name of the section in the page, unique in the document
 * @param title its heading
 * @param blocks its content, in order
 */
public record DocumentSection(String id, String title, List<Block> blocks) {
  /** Copies the blocks. */
  public DocumentSection {
    blocks = List.copyOf(blocks);
  }
}
