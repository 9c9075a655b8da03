package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tale.model.ModelFormatException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where the bytes of one weight are: in an external file, or in the graph's own.
 *
 * <p>The rules are those of ONNX Runtime and of ONNX's security policy: the location is relative
 * and has no {@code ..}; the real file lies in the real directory of the model, or, when the model
 * file is itself a link (the Hugging Face cache), in the directory that the link leads to; it is a
 * regular file of one name (a second hard link could be any file of the disk, and nothing of the
 * path would show it) that holds the whole range; the range is exactly as long as type and
 * dimensions say.
 *
 * @param location relative to the model, in one spelling: without {@code .} and doubled slashes;
 *     empty, as no external location is, for the graph's own file
 * @param file the real file
 * @param offset first byte
 * @param length number of bytes
 */
public record ExternalRange(String location, Path file, long offset, long length) {
  private static final Pattern UNSAFE = Pattern.compile("[\\\\:\\x00]|^/|(^|/)\\.\\.(/|$)");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final String LINK_COUNT = "unix:nlink";
  private static final Set<String> KEYS = Set.of("location", "offset", "length", "checksum");

  /** A weight that is left in the graph's own file. */
  static ExternalRange inline(Path file, long offset, long length) {
    return new ExternalRange("", file, offset, length);
  }

  /** Whether the weight is stored in the graph itself. */
  public boolean isInline() {
    return location.isEmpty();
  }

  static ExternalRange of(Source source, TensorProto tensor) throws IOException {
    Map<String, String> entries = entries(source, tensor);
    String location = entries.getOrDefault("location", "");
    long needed = needed(source, tensor);
    long offset = number(source, tensor, entries, "offset", 0);
    long length = number(source, tensor, entries, "length", needed);
    if (length != needed) {
      throw source.malformed(
          describe(tensor)
              + " has "
              + length
              + " bytes of external data, but its type and dimensions need "
              + needed);
    }
    Path file = resolve(source, tensor, location);
    long size = Files.size(file);
    if (offset > size || length > size - offset) {
      throw source.malformed(
          describe(tensor)
              + " needs bytes "
              + offset
              + " to "
              + (offset + (double) length > Long.MAX_VALUE ? "overflow" : offset + length)
              + " of "
              + location
              + (GitLfs.isPointer(file)
                  ? ", which is " + GitLfs.pointer(size)
                  : ", which has only " + size));
    }
    return new ExternalRange(spelling(location), file, offset, length);
  }

  private static String spelling(String location) {
    return Path.of(location).normalize().toString().replace(File.separatorChar, '/');
  }

  /** Reads the range, which must be small. */
  public byte[] read() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw new ModelFormatException(
              file + ": ends before byte " + (offset + length) + "; it changed while it was read");
        }
      }
    }
    return bytes.array();
  }

  /**
   * Appends the range to a file, by the operating system: it never comes into the heap.
   *
   * @throws ModelFormatException if the file ends before it
   */
  public void copyTo(FileChannel sink) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long copied = 0;
      while (copied < length) {
        long moved = channel.transferTo(offset + copied, length - copied, sink);
        if (moved <= 0) {
          throw new ModelFormatException(
              file + " has shrunk while it was copied; fetch or export the model again");
        }
        copied += moved;
      }
    }
  }

  private static Map<String, String> entries(Source source, TensorProto tensor)
      throws ModelFormatException {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      if (!KEYS.contains(entry.getKey())) {
        throw source.malformed(
            describe(tensor)
                + " has the external data key \""
                + entry.getKey()
                + "\"; known are location, offset, length and checksum");
      }
      if (entries.put(entry.getKey(), entry.getValue()) != null) {
        throw source.malformed(describe(tensor) + " has two external " + entry.getKey() + "s");
      }
    }
    return entries;
  }

  private static long needed(Source source, TensorProto tensor) throws ModelFormatException {
    try {
      return TensorSize.bytes(tensor)
          .orElseThrow(
              () -> new ArithmeticException("type " + tensor.getDataType() + " has no fixed size"));
    } catch (ArithmeticException e) {
      throw source.malformed(
          describe(tensor) + " of dimensions " + dims(tensor) + ": " + e.getMessage(), e);
    }
  }

  private static long number(
      Source source, TensorProto tensor, Map<String, String> entries, String key, long otherwise)
      throws ModelFormatException {
    String text = entries.getOrDefault(key, String.valueOf(otherwise));
    try {
      if (NUMBER.matcher(text).matches()) {
        return Long.parseLong(text);
      }
    } catch (NumberFormatException e) {
      throw source.malformed(
          describe(tensor) + " has the external " + key + " " + text + "; at most 2^63 - 1", e);
    }
    throw source.malformed(
        describe(tensor)
            + " has the external "
            + key
            + " \""
            + text
            + "\", not a number of at least 0");
  }

  private static Path resolve(Source source, TensorProto tensor, String location)
      throws IOException {
    if (location.isEmpty() || UNSAFE.matcher(location).find()) {
      throw source.malformed(
          describe(tensor)
              + " has the external location \""
              + location
              + "\"; only a relative path inside the model's directory is allowed");
    }
    try {
      Path directory = directory(source.file().toAbsolutePath());
      Path file = directory.resolve(location);
      if (!Files.isRegularFile(file)) {
        throw source.malformed(
            describe(tensor)
                + " needs the external data file "
                + file
                + ", which does not exist or is not a regular file");
      }
      Path real = inside(source, tensor, directory, file.toRealPath());
      refuseHardLink(source, tensor, real);
      return real;
    } catch (InvalidPathException e) {
      throw source.malformed(
          describe(tensor) + " has the external location \"" + location + "\", not a path", e);
    }
  }

  private static Path inside(Source source, TensorProto tensor, Path directory, Path real)
      throws IOException {
    List<Path> allowed = List.of(directory.toRealPath(), directory(source.file().toRealPath()));
    if (allowed.stream().noneMatch(real::startsWith)) {
      throw source.malformed(
          describe(tensor)
              + " has its external data in "
              + real
              + ", outside the model's directory "
              + allowed.get(0)
              + "; copy the file there");
    }
    return real;
  }

  private static void refuseHardLink(Source source, TensorProto tensor, Path file)
      throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("unix")
        && Files.getAttribute(file, LINK_COUNT) instanceof Integer links
        && links > 1) {
      throw source.malformed(
          describe(tensor)
              + " has its external data in "
              + file
              + ", which has "
              + links
              + " hard links and may be a file from elsewhere. Replace it by a copy of itself");
    }
  }

  private static Path directory(Path absoluteFile) {
    Path parent = absoluteFile.getParent();
    return parent == null ? absoluteFile : parent;
  }

  private static String describe(TensorProto tensor) {
    return "tensor " + tensor.getName();
  }

  private static String dims(TensorProto tensor) {
    return tensor.getDimsList().toString();
  }
}
