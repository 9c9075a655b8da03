package dev.tale.data;

import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a text, each ended by LF, CR LF, CR or the end of the file; unlike those of {@code
 * BufferedReader}, of bounded length.
 */
final class LineReader {
  private static final int BUFFER_SIZE = 1 << 15;

  private final Path file;
  private final Reader in;
  private final int maxLength;
  private final char[] buffer = new char[BUFFER_SIZE];
  private int position;
  private int limit;
  private long line;
  private boolean afterCarriageReturn;

  LineReader(Path file, Reader in, int maxLength) {
    this.file = file;
    this.in = in;
    this.maxLength = maxLength;
  }

  /** Returns the next line without its end, or null at the end of the file. */
  @Nullable String next() throws IOException {
    if (!available()) {
      return null;
    }
    line++;
    StringBuilder text = new StringBuilder();
    boolean ended;
    do {
      int end = lineEnd();
      text.append(buffer, position, end - position);
      checkLength(text.length());
      position = end;
      ended = end < limit;
    } while (!ended && available());
    if (ended) {
      afterCarriageReturn = buffer[position++] == '\r';
    }
    return text.toString();
  }

  /** The number of the line that {@link #next} returned, from 1. */
  String place() {
    return LineCounter.place(line);
  }

  private int lineEnd() {
    int i = position;
    while (i < limit && buffer[i] != '\n' && buffer[i] != '\r') {
      i++;
    }
    return i;
  }

  private boolean available() throws IOException {
    if (position == limit && !fill()) {
      return false;
    }
    if (afterCarriageReturn && buffer[position] == '\n') {
      position++;
    }
    afterCarriageReturn = false;
    return position < limit || fill();
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  private void checkLength(int length) throws DataFormatException {
    if (length > maxLength) {
      throw new DataFormatException(
          file,
          place(),
          "The line has more than the limit of "
              + maxLength
              + " characters; is this a JSON Lines file?");
    }
  }
}
