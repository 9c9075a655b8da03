package dev.tale.onnx.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.tale.files.NamedFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights of a checkpoint without some of its layers: those of the layers that stay under the
 * numbers that they have then, all others as they are, in files of the same names. Bytes go from
 * file to file and never come into the heap.
 *
 * @param original what is written in part
 * @param kept layers that stay, ascending
 */
public record PrunedCheckpoint(Checkpoint original, ImmutableList<Integer> kept) {
  private static final Pattern OF_LAYER = Pattern.compile("(model\\.layers\\.)(\\d{1,9})(\\..*)");

  /** The header is padded so that the first weight begins there. */
  private static final int ALIGNMENT = 8;

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Writes the files with weights, and their index if there are several.
   *
   * @param metadata texts for the files' metadata, besides those of the original
   * @return the files that hold weights
   * @throws IOException if one cannot be read or written, or has shrunk
   */
  public List<Path> write(Path directory, Map<String, String> metadata) throws IOException {
    List<Path> files = new ArrayList<>();
    Map<String, String> places = new TreeMap<>();
    long total = 0;
    for (Safetensors shard : original.shards()) {
      Map<String, StoredTensor> stay = stay(shard);
      if (!stay.isEmpty()) {
        Path file = directory.resolve(shard.file().getFileName());
        write(file, shard, stay, metadata);
        stay.keySet().forEach(name -> places.put(name, file.getFileName().toString()));
        total += stay.values().stream().mapToLong(StoredTensor::length).sum();
        files.add(file);
      }
    }
    if (Files.exists(original.directory().resolve(Checkpoint.INDEX))) {
      writeIndex(directory.resolve(Checkpoint.INDEX), places, total);
    }
    return files;
  }

  /** The weights of a file that stay, by their new names, in the order of their bytes. */
  private Map<String, StoredTensor> stay(Safetensors shard) {
    Map<String, StoredTensor> stay = new LinkedHashMap<>();
    shard
        .tensors()
        .forEach((name, tensor) -> renamed(name).ifPresent(renamed -> stay.put(renamed, tensor)));
    return stay;
  }

  private Optional<String> renamed(String name) {
    Matcher layer = OF_LAYER.matcher(name);
    if (!layer.matches()) {
      return Optional.of(name);
    }
    int place = kept.indexOf(Integer.parseInt(layer.group(2)));
    return place < 0 ? Optional.empty() : Optional.of(layer.group(1) + place + layer.group(3));
  }

  private static void write(
      Path file, Safetensors shard, Map<String, StoredTensor> tensors, Map<String, String> metadata)
      throws IOException {
    NamedFailure.of(
        file,
        () -> {
          try (FileChannel sink =
              FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            ByteBuffer header = header(shard, tensors, metadata);
            while (header.hasRemaining()) {
              sink.write(header);
            }
            for (StoredTensor tensor : tensors.values()) {
              tensor.range().copyTo(sink);
            }
          }
        });
  }

  private static ByteBuffer header(
      Safetensors shard, Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    ObjectNode header = JSON.createObjectNode();
    Map<String, String> texts = new TreeMap<>(shard.metadata());
    texts.putAll(metadata);
    texts.putIfAbsent("format", "pt");
    ObjectNode entries = header.putObject(Safetensors.METADATA);
    texts.forEach(entries::put);
    long end = 0;
    for (Map.Entry<String, StoredTensor> entry : tensors.entrySet()) {
      StoredTensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey()).put("dtype", tensor.type());
      tensor.shape().forEach(node.putArray("shape")::add);
      node.putArray("data_offsets").add(end).add(end + tensor.length());
      end += tensor.length();
    }
    byte[] text = header.toString().getBytes(UTF_8);
    int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(text);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private static void writeIndex(Path file, Map<String, String> places, long total)
      throws IOException {
    ObjectNode index = JSON.createObjectNode();
    index.putObject("metadata").put("total_size", total);
    ObjectNode map = index.putObject("weight_map");
    places.forEach(map::put);
    NamedFailure.of(
        file,
        () ->
            Files.writeString(file, index.toPrettyString() + "\n", StandardOpenOption.CREATE_NEW));
  }
}
