package dev.tale.onnx.checkpoint.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tale.model.ModelFormatException;
import dev.tale.onnx.graph.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the little-endian values before a file's tensors. Nothing is allocated by a length that the
 * file claims before the file is known to be that long.
 */
final class GgufReader {
  private static final int BUFFER = 1 << 16;

  /** The longest text of published files, a chat template, has some thousands of bytes. */
  private static final int LONGEST_TEXT = 16 << 20;

  private static final int DEEPEST_ARRAY = 4;

  /** The largest vocabularies have a quarter of a million tokens, in some megabytes. */
  private static final long MOST_ENTRIES = 1 << 21;

  private static final long MOST_BYTES = 64L << 20;

  private final Source source;
  private final FileChannel channel;
  private final long size;
  private long entries;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN).limit(0);

  GgufReader(Source source, FileChannel channel) throws IOException {
    this.source = source;
    this.channel = channel;
    this.size = channel.size();
  }

  /** Number of bytes that were read. */
  long position() throws IOException {
    return channel.position() - buffer.remaining();
  }

  long size() {
    return size;
  }

  Source source() {
    return source;
  }

  int uint8() throws IOException {
    return Byte.toUnsignedInt(bytes(1).get());
  }

  int int32() throws IOException {
    return bytes(4).getInt();
  }

  long int64() throws IOException {
    return bytes(8).getLong();
  }

  /** A number of things, each of which takes so many bytes of the file at least. */
  long count(String things, int leastBytes) throws IOException {
    long count = int64();
    if (count < 0 || count > (size - position()) / leastBytes) {
      throw source.malformed(
          "claims %s %s at byte %d; the %d bytes that follow cannot hold so many"
              .formatted(Long.toUnsignedString(count), things, position() - 8, size - position()));
    }
    return count;
  }

  String text() throws IOException {
    long length = count("bytes of a text", 1);
    if (length > LONGEST_TEXT) {
      throw source.malformed(
          "has a text of %d bytes at byte %d; at most %d"
              .formatted(length, position() - 8, LONGEST_TEXT));
    }
    byte[] text = new byte[(int) length];
    for (int done = 0; done < text.length; ) {
      int part = Math.min(BUFFER, text.length - done);
      bytes(part).get(text, done, part);
      done += part;
    }
    return new String(text, UTF_8);
  }

  /** A value of metadata: a number, a truth value, a text, or a list of one kind of these. */
  Object value(GgufType type, int depth) throws IOException {
    return switch (type) {
      case UINT8 -> (long) uint8();
      case INT8 -> (long) bytes(1).get();
      case UINT16 -> (long) Short.toUnsignedInt(bytes(2).getShort());
      case INT16 -> (long) bytes(2).getShort();
      case UINT32 -> Integer.toUnsignedLong(int32());
      case INT32 -> (long) int32();
      case UINT64, INT64 -> int64();
      case FLOAT32 -> (double) bytes(4).getFloat();
      case FLOAT64 -> bytes(8).getDouble();
      case BOOL -> bool();
      case STRING -> text();
      case ARRAY -> array(depth);
    };
  }

  private Object bool() throws IOException {
    int value = uint8();
    if (value > 1) {
      throw source.malformed("has a truth value of %d at byte %d".formatted(value, position() - 1));
    }
    return value == 1;
  }

  private Object array(int depth) throws IOException {
    if (depth == DEEPEST_ARRAY) {
      throw source.malformed(
          "nests arrays more than %d deep at byte %d".formatted(DEEPEST_ARRAY, position()));
    }
    GgufType type = type();
    long count = count("entries of an array", type.leastBytes());
    entries += count;
    if (entries > MOST_ENTRIES) {
      throw source.malformed(
          "has arrays of %d entries by byte %d; at most %d"
              .formatted(entries, position(), MOST_ENTRIES));
    }
    List<Object> values = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      values.add(value(type, depth + 1));
    }
    return values;
  }

  GgufType type() throws IOException {
    int number = int32();
    long at = position() - Integer.BYTES;
    return GgufType.of(number)
        .orElseThrow(
            () ->
                source.malformed(
                    "has metadata of the unknown type %d at byte %d".formatted(number, at)));
  }

  private ByteBuffer bytes(int count) throws IOException {
    if (buffer.remaining() < count) {
      buffer.compact();
      while (buffer.position() < count && channel.read(buffer) >= 0) {}
      buffer.flip();
    }
    if (buffer.remaining() < count) {
      throw cutOff();
    }
    if (channel.position() > MOST_BYTES) {
      throw source.malformed(
          "has more than %d bytes before its tensors; that is all that is read"
              .formatted(MOST_BYTES));
    }
    return buffer;
  }

  private ModelFormatException cutOff() {
    return source.malformed("ends in the middle of its metadata, after " + size + " bytes");
  }
}
