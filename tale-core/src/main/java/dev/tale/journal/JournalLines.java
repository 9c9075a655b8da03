package dev.tale.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The lines of a journal, one after the other: a journal may be larger than memory. Read through
 * its own channel: where locks are mandatory, no other reader gets in.
 */
final class JournalLines {
  /** Bytes of a line; a longer one is damage, and is read no further. */
  static final int LONGEST = 1 << 30;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).flip();
  private long read;
  private long end;
  private long count;

  JournalLines(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Returns the next line with its line feed, without one at the end of the file or if too long.
   */
  byte[] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean ended = false;
    while (!ended && line.size() < LONGEST && !atEnd()) {
      int from = buffer.position();
      while (!ended && buffer.hasRemaining()) {
        ended = buffer.get() == '\n';
      }
      line.write(buffer.array(), from, buffer.position() - from);
    }
    end += line.size();
    count++;
    return line.toByteArray();
  }

  /** Returns whether nothing follows. */
  boolean atEnd() throws IOException {
    if (buffer.hasRemaining()) {
      return false;
    }
    int bytes = channel.read(buffer.clear(), read);
    read += Math.max(0, bytes);
    buffer.flip();
    return bytes < 0;
  }

  /** Returns the offset after the last line. */
  long end() {
    return end;
  }

  /** Returns the number of lines so far. */
  long count() {
    return count;
  }
}
