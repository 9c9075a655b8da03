package dev.tale.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The text of a UTF-8 file, without its byte order mark. Bytes that are not UTF-8 are refused with
 * their line and offset, where the readers of the JDK replace them or do not say where they are.
 */
final class Utf8Reader extends Reader {
  private static final int BUFFER_SIZE = 1 << 16;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Path file;
  private final InputStream in;
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_SIZE).flip();
  private final CharBuffer chars = CharBuffer.allocate(BUFFER_SIZE).flip();
  private final CharsetDecoder decoder =
      UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final LineCounter lines = new LineCounter();
  private long bytesDropped;
  private boolean atStart = true;
  private boolean atEnd;

  Utf8Reader(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  static Utf8Reader open(Path file) throws IOException {
    return new Utf8Reader(file, Files.newInputStream(file));
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    if (!chars.hasRemaining() && !decode()) {
      return -1;
    }
    int count = Math.min(length, chars.remaining());
    chars.get(target, offset, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Decodes at least one character; false at the end of the file. */
  private boolean decode() throws IOException {
    while (true) {
      chars.clear();
      CoderResult result = decoder.decode(bytes, chars, atEnd);
      chars.flip();
      dropByteOrderMark();
      if (chars.hasRemaining()) {
        lines.count(chars.array(), chars.position(), chars.limit());
        return true;
      }
      if (result.isError()) {
        throw malformed(result.length());
      }
      if (atEnd) {
        return false;
      }
      fill();
    }
  }

  private void dropByteOrderMark() {
    if (atStart && chars.hasRemaining()) {
      atStart = false;
      if (chars.get(0) == BYTE_ORDER_MARK) {
        chars.get();
      }
    }
  }

  private void fill() throws IOException {
    bytesDropped += bytes.position();
    bytes.compact();
    int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
    if (count < 0) {
      atEnd = true;
    } else {
      bytes.position(bytes.position() + count);
    }
    bytes.flip();
  }

  private DataFormatException malformed(int length) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < length; i++) {
      hex.append(String.format(" %02X", bytes.get(bytes.position() + i)));
    }
    return new DataFormatException(
        file,
        lines.place(),
        "Bytes"
            + hex
            + " at byte offset "
            + (bytesDropped + bytes.position())
            + " are not UTF-8; convert the file to UTF-8 or fetch it again");
  }
}
