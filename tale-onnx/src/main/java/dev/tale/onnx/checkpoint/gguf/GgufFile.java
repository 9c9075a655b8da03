package dev.tale.onnx.checkpoint.gguf;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.primitives.Ints;
import dev.tale.files.NamedFailure;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.ExternalRange;
import dev.tale.onnx.graph.FileStamp;
import dev.tale.onnx.graph.GitLfs;
import dev.tale.onnx.graph.Source;
import dev.tale.onnx.graph.WeightFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file: metadata, and the places of its tensors, which are not read.
 *
 * @param file that was read
 * @param stamp of the file as it was read
 * @param version 2 or 3
 * @param metadata by key, in order
 * @param tensors by name, in order
 * @param alignment of tensors, in bytes
 */
public record GgufFile(
    Path file,
    FileStamp stamp,
    int version,
    ImmutableMap<String, Entry> metadata,
    ImmutableMap<String, GgufTensor> tensors,
    int alignment) {
  static final int MAGIC = 0x46554747;
  private static final String EXTENSION = ".gguf";
  static final String ALIGNMENT = "general.alignment";
  private static final int USUAL_ALIGNMENT = 32;
  private static final int MOST_ALIGNMENT = 1 << 20;
  private static final int MOST_TENSORS = 1_000_000;
  private static final int MOST_DIMENSIONS = 4;

  /** A key takes 8 bytes at least, its type 4, and its value 1. */
  private static final int LEAST_ENTRY = 13;

  /** A name takes 8 bytes at least, the dimensions 4, the type 4, the offset 8. */
  private static final int LEAST_TENSOR = 24;

  /**
   * A value of metadata.
   *
   * @param type of the value
   * @param value a {@code Long}, {@code Double}, {@code Boolean}, {@code String}, or a list
   * @param bytes place of the whole entry, its key included
   */
  record Entry(GgufType type, Object value, ExternalRange bytes) {}

  /** Whether a file is one of GGUF, by its first bytes or, where it is cut or absent, its name. */
  public static boolean isOne(Path file) {
    return isNamed(file) || begins(file);
  }

  private static boolean isNamed(Path file) {
    return file.getFileName() != null
        && Ascii.toLowerCase(file.getFileName().toString()).endsWith(EXTENSION);
  }

  private static boolean begins(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream stream = Files.newInputStream(file)) {
      return Arrays.equals(
          stream.readNBytes(Integer.BYTES), Ints.toByteArray(Integer.reverseBytes(MAGIC)));
    } catch (IOException e) {
      return false;
    }
  }

  /** The file's name without its extension, if it has one. */
  public String name() {
    String name = file.getFileName().toString();
    return isNamed(file) ? name.substring(0, name.length() - EXTENSION.length()) : name;
  }

  /** Bytes of the tensors whose names begin so. */
  public long bytes(String prefix) {
    return tensors.values().stream()
        .filter(tensor -> tensor.name().startsWith(prefix))
        .mapToLong(GgufTensor::bytes)
        .sum();
  }

  /**
   * Reads metadata and the places of tensors.
   *
   * @throws ModelFormatException if the file is missing, truncated or malformed
   * @throws UnsupportedModelException if it is of another version or byte order, or a tensor is of
   *     a type that is not read
   * @throws IOException if it cannot be read
   */
  public static GgufFile read(Path file) throws IOException {
    Source source = new Source(file);
    if (!Files.isRegularFile(file)) {
      throw source.malformed("does not exist or is not a regular file");
    }
    if (GitLfs.isPointer(file)) {
      throw source.malformed("is " + GitLfs.pointer(Files.size(file)));
    }
    FileStamp stamp = FileStamp.of(file);
    try (FileChannel channel = FileChannel.open(file)) {
      return read(file, stamp, new GgufReader(source, channel));
    }
  }

  private static GgufFile read(Path file, FileStamp stamp, GgufReader reader) throws IOException {
    int version = version(reader);
    long tensorCount = reader.count("tensors", LEAST_TENSOR);
    long entries = reader.count("entries of metadata", LEAST_ENTRY);
    ImmutableMap<String, Entry> metadata = metadata(file, reader, entries);
    int alignment = alignment(reader.source(), metadata);
    Tensors tensors = new Tensors(reader, alignment);
    return new GgufFile(file, stamp, version, metadata, tensors.read(tensorCount), alignment);
  }

  private static int version(GgufReader reader) throws IOException {
    Source source = reader.source();
    if (reader.size() < 24 || reader.int32() != MAGIC) {
      throw source.malformed("does not begin with GGUF, as files of this format do");
    }
    int version = reader.int32();
    if (version == 2 || version == 3) {
      return version;
    }
    if (Integer.reverseBytes(version) == 2 || Integer.reverseBytes(version) == 3) {
      throw source.unsupported(
          "is big-endian; files of little-endian machines are read. Convert it with gguf's"
              + " gguf_convert_endian.py");
    }
    throw source.unsupported(
        "is of version "
            + Integer.toUnsignedString(version)
            + " of GGUF; known are 2 and 3. Convert the model again with a newer llama.cpp");
  }

  private static ImmutableMap<String, Entry> metadata(Path file, GgufReader reader, long count)
      throws IOException {
    Map<String, Entry> metadata = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      long begin = reader.position();
      String key = reader.text();
      if (!CharMatcher.ascii().matchesAllOf(key)) {
        throw reader
            .source()
            .malformed("has a key of other than ASCII characters at byte " + begin);
      }
      GgufType type = reader.type();
      Object value = reader.value(type, 0);
      ExternalRange bytes = range(file, begin, reader.position() - begin);
      if (metadata.put(key, new Entry(type, value, bytes)) != null) {
        throw reader.source().malformed("has the metadata key " + key + " twice");
      }
    }
    return ImmutableMap.copyOf(metadata);
  }

  private static ExternalRange range(Path file, long offset, long length) {
    return new ExternalRange(file.getFileName().toString(), file, offset, length);
  }

  private static int alignment(Source source, Map<String, Entry> metadata)
      throws ModelFormatException {
    Entry entry = metadata.get(ALIGNMENT);
    Object value = entry == null ? (Object) (long) USUAL_ALIGNMENT : entry.value();
    if (value instanceof Long number
        && number >= 8
        && number <= MOST_ALIGNMENT
        && Long.bitCount(number) == 1) {
      return number.intValue();
    }
    throw source.malformed(
        ALIGNMENT + " is " + value + "; a power of two from 8 to " + MOST_ALIGNMENT);
  }

  /** The place of a tensor's bytes. */
  ExternalRange range(GgufTensor tensor) {
    return range(file, tensor.offset(), tensor.bytes());
  }

  /** SHA-256 of the file's bytes, in hexadecimal. */
  String sha256() throws IOException {
    return MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
  }

  /**
   * Checks that nothing has touched the file since it was read.
   *
   * @throws ModelFormatException if something has
   */
  public void requireUntouched() throws ModelFormatException {
    requireUntouched(stamp);
  }

  private void requireUntouched(FileStamp since) throws ModelFormatException {
    if (!since.isOf(file)) {
      throw WeightFiles.changed(file);
    }
  }

  /**
   * Lets something read the file, which has to hold what it held when its hash was taken, before
   * and after.
   *
   * @param sha256 of what it held
   * @throws ModelFormatException if it holds something else
   */
  void readAgain(String sha256, NamedFailure.Write reading) throws IOException {
    FileStamp now = Files.exists(file) ? FileStamp.of(file) : stamp;
    if (!now.equals(stamp) && !sha256().equals(sha256)) {
      throw WeightFiles.changed(file);
    }
    requireUntouched(now);
    reading.run();
    requireUntouched(now);
  }

  /** The places of tensors, which follow the metadata. */
  private record Tensors(GgufReader reader, int alignment) {

    ImmutableMap<String, GgufTensor> read(long count) throws IOException {
      if (count > MOST_TENSORS) {
        throw source().malformed("has " + count + " tensors; at most " + MOST_TENSORS);
      }
      Map<String, GgufTensor> relative = new LinkedHashMap<>();
      for (long i = 0; i < count; i++) {
        GgufTensor tensor = tensor();
        if (relative.put(tensor.name(), tensor) != null) {
          throw source().malformed("has the tensor " + tensor.name() + " twice");
        }
      }
      long begin = (reader.position() + alignment - 1) / alignment * alignment;
      ImmutableMap.Builder<String, GgufTensor> tensors = ImmutableMap.builder();
      for (GgufTensor tensor : relative.values()) {
        tensors.put(tensor.name(), placed(tensor, begin));
      }
      requireNoOverlap(tensors.buildOrThrow().values().asList());
      return tensors.buildOrThrow();
    }

    private Source source() {
      return reader.source();
    }

    private GgufTensor tensor() throws IOException {
      String name = reader.text();
      int dimensions = reader.int32();
      if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
        throw source()
            .malformed(
                "tensor %s has %s dimensions; 1 to %d"
                    .formatted(name, Integer.toUnsignedString(dimensions), MOST_DIMENSIONS));
      }
      Long[] shape = new Long[dimensions];
      for (int i = dimensions - 1; i >= 0; i--) {
        shape[i] = reader.int64();
      }
      GgmlType type = type(name, reader.int32());
      GgufTensor tensor = new GgufTensor(name, type, ImmutableList.copyOf(shape), reader.int64());
      requireShape(tensor);
      return tensor;
    }

    private GgmlType type(String name, int number) {
      return GgmlType.of(number)
          .orElseThrow(
              () ->
                  source()
                      .unsupported(
                          "tensor %s is of type %s of ggml; read are %s. Use a file quantized in one of"
                                  .formatted(
                                      name,
                                      Integer.toUnsignedString(number),
                                      Arrays.toString(GgmlType.values()))
                              + " these, such as Q4_K_M"));
    }

    private void requireShape(GgufTensor tensor) throws ModelFormatException {
      boolean whole = tensor.rowLength() % tensor.type().blockLength() == 0;
      try {
        if (whole && tensor.shape().stream().allMatch(size -> size > 0) && tensor.bytes() > 0) {
          return;
        }
      } catch (ArithmeticException e) {
        throw source().malformed("tensor " + tensor.name() + " has the shape " + tensor.shape(), e);
      }
      throw source()
          .malformed(
              "tensor %s has the shape %s; sizes are at least 1, rows of %s whole blocks of %d"
                  .formatted(
                      tensor.name(), tensor.shape(), tensor.type(), tensor.type().blockLength()));
    }

    private GgufTensor placed(GgufTensor tensor, long begin) throws ModelFormatException {
      long offset = tensor.offset();
      long room = reader.size() - begin;
      if (offset < 0
          || offset % alignment != 0
          || offset > room
          || tensor.bytes() > room - offset) {
        throw source()
            .malformed(
                "tensor %s of %d bytes begins at byte %s of %d; it must be a multiple of %d, and all in the file"
                    .formatted(
                        tensor.name(),
                        tensor.bytes(),
                        Long.toUnsignedString(offset),
                        Math.max(0, room),
                        alignment));
      }
      return new GgufTensor(tensor.name(), tensor.type(), tensor.shape(), begin + offset);
    }

    private void requireNoOverlap(List<GgufTensor> tensors) throws ModelFormatException {
      List<GgufTensor> sorted =
          tensors.stream().sorted(Comparator.comparingLong(GgufTensor::offset)).toList();
      for (int i = 1; i < sorted.size(); i++) {
        GgufTensor before = sorted.get(i - 1);
        if (before.offset() + before.bytes() > sorted.get(i).offset()) {
          throw source()
              .malformed("tensors " + before.name() + " and " + sorted.get(i).name() + " overlap");
        }
      }
    }
  }
}
