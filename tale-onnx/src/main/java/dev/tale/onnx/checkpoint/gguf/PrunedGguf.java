package dev.tale.onnx.checkpoint.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import dev.tale.files.NamedFailure;
import dev.tale.onnx.graph.ExternalRange;
import dev.tale.onnx.graph.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GGUF file without some of its blocks: the bytes of those that stay as they are, under the
 * numbers that they have then, and all metadata but the number of blocks, lists with one entry for
 * each, and texts that are added. Bytes go from file to file and never come into the heap.
 *
 * @param original that is written in part
 * @param sha256 of the original, as it was when it was opened
 * @param kept blocks that stay, ascending
 */
public record PrunedGguf(GgufFile original, String sha256, ImmutableList<Integer> kept) {
  private static final Pattern OF_BLOCK = Pattern.compile("(blk\\.)(\\d{1,9})(\\..*)");

  /**
   * Creates the file.
   *
   * @param provenance texts for the metadata, by key
   * @throws dev.tale.model.ModelFormatException if the original has changed since it was read
   * @throws IOException if a file cannot be read or written, or the target exists
   */
  public void write(Path target, Map<String, String> provenance) throws IOException {
    original.readAgain(sha256, () -> create(target, provenance));
  }

  private void create(Path target, Map<String, String> provenance) throws IOException {
    Map<String, GgufTensor> stay = stay();
    Map<String, byte[]> changed = changedMetadata(provenance);
    NamedFailure.of(
        target,
        () -> {
          try (FileChannel sink =
              FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            write(sink, stay, changed);
          } catch (Throwable e) {
            Files.delete(target);
            throw e;
          }
        });
  }

  private void write(FileChannel sink, Map<String, GgufTensor> stay, Map<String, byte[]> changed)
      throws IOException {
    long added =
        changed.keySet().stream().filter(key -> !original.metadata().containsKey(key)).count();
    Bytes head = new Bytes();
    head.int32(GgufFile.MAGIC).int32(original.version()).int64(stay.size());
    head.int64(original.metadata().size() + added);
    head.appendTo(sink);
    for (Map.Entry<String, GgufFile.Entry> entry : original.metadata().entrySet()) {
      byte[] other = changed.remove(entry.getKey());
      if (other == null) {
        entry.getValue().bytes().copyTo(sink);
      } else {
        sink.write(ByteBuffer.wrap(other));
      }
    }
    for (byte[] entry : changed.values()) {
      sink.write(ByteBuffer.wrap(entry));
    }
    places(stay).appendTo(sink);
    for (GgufTensor tensor : stay.values()) {
      pad(sink);
      original.range(tensor).copyTo(sink);
    }
    pad(sink);
  }

  private void pad(FileChannel sink) throws IOException {
    int over = (int) (sink.position() % original.alignment());
    if (over > 0) {
      sink.write(ByteBuffer.allocate(original.alignment() - over));
    }
  }

  /** The tensors that stay, by their new names, in the order of the original. */
  private Map<String, GgufTensor> stay() {
    Map<String, GgufTensor> stay = new LinkedHashMap<>();
    original
        .tensors()
        .forEach((name, tensor) -> renamed(name).ifPresent(renamed -> stay.put(renamed, tensor)));
    return stay;
  }

  private Optional<String> renamed(String name) {
    Matcher block = OF_BLOCK.matcher(name);
    if (!block.matches()) {
      return Optional.of(name);
    }
    int place = kept.indexOf(Integer.parseInt(block.group(2)));
    return place < 0 ? Optional.empty() : Optional.of(block.group(1) + place + block.group(3));
  }

  private Bytes places(Map<String, GgufTensor> stay) {
    Bytes places = new Bytes();
    long offset = 0;
    for (Map.Entry<String, GgufTensor> entry : stay.entrySet()) {
      GgufTensor tensor = entry.getValue();
      places.text(entry.getKey()).int32(tensor.shape().size());
      tensor.shape().reverse().forEach(places::int64);
      places.int32(tensor.type().number()).int64(offset);
      long alignment = original.alignment();
      offset += (tensor.bytes() + alignment - 1) / alignment * alignment;
    }
    return places;
  }

  /** Entries that differ from the original's or are new, each as it is written. */
  private Map<String, byte[]> changedMetadata(Map<String, String> provenance) throws IOException {
    Map<String, byte[]> changed = new LinkedHashMap<>();
    String count = new GgufMetadata(original).blockCountKey();
    int blocks = new GgufMetadata(original).blocks();
    String architecture = count.substring(0, count.indexOf('.') + 1);
    for (Map.Entry<String, GgufFile.Entry> entry : original.metadata().entrySet()) {
      String key = entry.getKey();
      if (key.equals(count)) {
        changed.put(key, number(key, entry.getValue().type()));
      } else if (key.startsWith(architecture)
          && entry.getValue().value() instanceof List<?> list
          && list.size() == blocks) {
        requireNumbers(key, list);
        changed.put(key, cut(entry.getValue().bytes(), key));
      }
    }
    new TreeMap<>(provenance)
        .forEach(
            (key, text) ->
                changed.put(
                    key,
                    new Bytes().text(key).int32(GgufType.STRING.number()).text(text).toArray()));
    return changed;
  }

  private void requireNumbers(String key, List<?> list) {
    if (list.get(0) instanceof String || list.get(0) instanceof List<?>) {
      throw new Source(original.file())
          .unsupported(
              key
                  + " has an entry for each block that is not a number; it is not known how blocks"
                  + " are removed from it. Prune the Hugging Face folder that the file was made of");
    }
  }

  private byte[] number(String key, GgufType type) {
    Bytes bytes = new Bytes().text(key).int32(type.number());
    return (type == GgufType.UINT64 || type == GgufType.INT64
            ? bytes.int64(kept.size())
            : bytes.int32(kept.size()))
        .toArray();
  }

  /** A list of numbers, one for each block, without those of blocks that go. */
  private byte[] cut(ExternalRange entry, String key) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(entry.read()).order(ByteOrder.LITTLE_ENDIAN);
    int header = Long.BYTES + key.getBytes(UTF_8).length + 2 * Integer.BYTES;
    int values = header + Long.BYTES;
    int count = Math.toIntExact(bytes.getLong(header));
    int width = (bytes.capacity() - values) / count;
    ByteBuffer cut =
        ByteBuffer.allocate(values + width * kept.size()).order(ByteOrder.LITTLE_ENDIAN);
    cut.put(bytes.array(), 0, header).putLong(kept.size());
    kept.forEach(block -> cut.put(bytes.array(), values + block * width, width));
    return cut.array();
  }

  /** Values in the order in which a file has them. */
  private static final class Bytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Bytes int32(int value) {
      bytes.writeBytes(
          ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
      return this;
    }

    Bytes int64(long value) {
      bytes.writeBytes(
          ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
      return this;
    }

    Bytes text(String text) {
      byte[] utf8 = text.getBytes(UTF_8);
      int64(utf8.length);
      bytes.writeBytes(utf8);
      return this;
    }

    byte[] toArray() {
      return bytes.toByteArray();
    }

    void appendTo(FileChannel sink) throws IOException {
      ByteBuffer all = ByteBuffer.wrap(toArray());
      while (all.hasRemaining()) {
        sink.write(all);
      }
    }
  }
}
