package dev.tale.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A malformed data file: bytes that are not UTF-8, a torn or repeated JSON value, a CSV row of the
 * wrong width, a pointer in place of the data. The message begins with the file and, where one row
 * is at fault, its place. No row of such a file was used.
 */
public final class DataFormatException extends IOException {
  private static final long serialVersionUID = 1;

  /** Creates the exception with the file, what is wrong in it, the limit, and the remedy. */
  public DataFormatException(Path file, String problem) {
    super(file + ": " + Objects.requireNonNull(problem, "problem"));
  }

  /** Creates the exception with the file, what is wrong in it, the remedy, and the cause. */
  public DataFormatException(Path file, String problem, Throwable cause) {
    super(file + ": " + Objects.requireNonNull(problem, "problem"), cause);
  }

  /**
   * Creates the exception.
   *
   * @param file the file
   * @param place where in the file, such as {@code line 17}
   * @param problem what is wrong there, its value, the limit and the remedy
   */
  public DataFormatException(Path file, String place, String problem) {
    super(message(file, place, problem));
  }

  /**
   * Creates the exception with its cause.
   *
   * @param file the file
   * @param place where in the file, such as {@code line 17}
   * @param problem what is wrong there, its value, the limit and the remedy
   * @param cause what found it
   */
  public DataFormatException(Path file, String place, String problem, Throwable cause) {
    super(message(file, place, problem), cause);
  }

  private static String message(Path file, String place, String problem) {
    Objects.requireNonNull(place, "place");
    return file + ", " + place + ": " + Objects.requireNonNull(problem, "problem");
  }
}
