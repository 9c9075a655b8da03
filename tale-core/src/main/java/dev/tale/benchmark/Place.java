package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import java.nio.file.Path;

/** A line of a description, 1-based. */
record Place(Path file, int line) {
  /** Characters of a message, which may quote a key of any length. */
  private static final int LONGEST = 1000;

  DataFormatException refused(String problem) {
    boolean isLong = problem.length() > LONGEST;
    String shown = isLong ? problem.substring(0, LONGEST) + "..." : problem;
    return new DataFormatException(file, "line " + line, shown);
  }

  @Override
  public String toString() {
    return file.getFileName() + ", line " + line;
  }
}
