package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import dev.tale.text.Excerpt;
import java.nio.file.Path;

/** A line of a description, 1-based. */
record Place(Path file, int line) {
  DataFormatException refused(String problem) {
    return new DataFormatException(file, "line " + line, Excerpt.ofMessage(problem));
  }

  @Override
  public String toString() {
    return file.getFileName() + ", line " + line;
  }
}
