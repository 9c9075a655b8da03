package dev.tale.bench.cases;

import com.google.common.collect.ImmutableMap;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads {@code .npz} files of NumPy: a zip of {@code .npy} arrays, here matrices of float32. */
final class NumpyArchive {
  private static final String ENDING = ".npy";
  private static final String MAGIC = "\u0093NUMPY";
  private static final Pattern SHAPE = Pattern.compile("'shape': \\((\\d+), (\\d+)\\)");

  private NumpyArchive() {}

  /**
   * Returns every matrix, by name, as rows.
   *
   * @throws IOException if the file cannot be read, or holds anything else
   */
  static ImmutableMap<String, float[][]> read(Path file) throws IOException {
    ImmutableMap.Builder<String, float[][]> arrays = ImmutableMap.builder();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        String name = entry.getName();
        String key =
            name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
        arrays.put(key, matrix(bytes, file, "entry " + name));
      }
    }
    return arrays.buildOrThrow();
  }

  private static float[][] matrix(byte[] bytes, Path file, String place)
      throws DataFormatException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    String header = header(bytes, buffer, file, place);
    Matcher shape = SHAPE.matcher(header);
    if (!header.contains("'descr': '<f4'")
        || !header.contains("'fortran_order': False")
        || !shape.find()) {
      throw new DataFormatException(
          file, place, "is no matrix of little-endian float32 in C order, but " + header.trim());
    }
    int rows = Integer.parseInt(shape.group(1));
    int columns = Integer.parseInt(shape.group(2));
    if (buffer.remaining() != 4L * rows * columns) {
      throw new DataFormatException(
          file, place, "has " + buffer.remaining() + " bytes for " + rows + " x " + columns);
    }
    float[][] matrix = new float[rows][columns];
    Arrays.stream(matrix)
        .forEach(
            row -> {
              buffer.asFloatBuffer().get(row);
              buffer.position(buffer.position() + 4 * columns);
            });
    return matrix;
  }

  /** Magic, version, length of the header (2 bytes in version 1, 4 later) and the header. */
  private static String header(byte[] array, ByteBuffer buffer, Path file, String place)
      throws DataFormatException {
    String bytes = new String(array, StandardCharsets.ISO_8859_1);
    if (!bytes.startsWith(MAGIC) || bytes.length() < 12) {
      throw new DataFormatException(file, place, "is no array of NumPy; it begins otherwise");
    }
    boolean first = bytes.charAt(6) == 1;
    int begin = first ? 10 : 12;
    long length = first ? buffer.getShort(8) & 0xffff : buffer.getInt(8) & 0xffff_ffffL;
    if (begin + length > bytes.length()) {
      throw new DataFormatException(file, place, "is cut off in its header");
    }
    int end = (int) (begin + length);
    buffer.position(end);
    return bytes.substring(begin, end);
  }
}
