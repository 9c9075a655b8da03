package dev.tale.onnx.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Streams;
import com.google.common.io.ByteStreams;
import com.google.common.math.LongMath;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.graph.GitLfs;
import dev.tale.onnx.graph.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: the length of its header in 8 bytes, a header in JSON, and the weights, which
 * are not read. Checked as the format asks: the header lies in the file, no name comes twice, and
 * the weights lie one behind the other without gap or overlap up to the file's end, each as long as
 * its type and shape say.
 *
 * @param file what was read
 * @param tensors by name, in the order of their bytes
 * @param metadata texts by name, under {@code __metadata__}
 */
record Safetensors(
    Path file, ImmutableMap<String, StoredTensor> tensors, ImmutableMap<String, String> metadata) {
  static final String METADATA = "__metadata__";
  private static final int PREFIX = Long.BYTES;

  /** The format allows 100 MB; the largest models have one megabyte in a file. */
  private static final long MAX_HEADER = 8 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
                  .build())
          .build();

  /**
   * Reads the header.
   *
   * @throws ModelFormatException if the file is malformed, or a Git LFS pointer
   * @throws IOException if it cannot be read
   */
  static Safetensors read(Path file) throws IOException {
    Source source = new Source(file);
    if (!Files.isRegularFile(file)) {
      throw source.malformed("does not exist or is not a regular file");
    }
    long size = Files.size(file);
    if (GitLfs.isPointer(file)) {
      throw source.malformed("is " + GitLfs.pointer(size));
    }
    try (InputStream stream = Files.newInputStream(file)) {
      long length = headerLength(source, stream.readNBytes(PREFIX), size);
      requireBrace(source, file);
      return new Header(source, PREFIX + length, size).read(ByteStreams.limit(stream, length));
    } catch (CharacterCodingException e) {
      throw source.malformed("has a header that is not UTF-8", e);
    } catch (JsonProcessingException e) {
      throw source.malformed("has a header that is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The format allows nothing before the object, not even white space. */
  private static void requireBrace(Source source, Path file) throws IOException {
    try (InputStream stream = Files.newInputStream(file)) {
      stream.skipNBytes(PREFIX);
      int first = stream.read();
      if (first != '{') {
        throw source.malformed("has a header that begins with byte " + first + ", not with {");
      }
    }
  }

  private static long headerLength(Source source, byte[] prefix, long size)
      throws ModelFormatException {
    if (prefix.length < PREFIX) {
      throw source.malformed(
          "has " + size + " bytes; a safetensors file begins with a length of 8");
    }
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > MAX_HEADER || length > size - PREFIX) {
      throw source.malformed(
          "says that its header has "
              + Long.toUnsignedString(length)
              + " bytes; it has 2 to "
              + Math.min(MAX_HEADER, size - PREFIX));
    }
    return length;
  }

  /** A header that is being read; weights begin at {@code begin} and end at {@code size}. */
  private record Header(Source source, long begin, long size) {

    Safetensors read(InputStream stream) throws IOException {
      JsonParser parser = JSON.createParser(new InputStreamReader(stream, UTF_8.newDecoder()));
      JsonNode root = JSON.readTree(parser);
      if (root == null || !root.isObject() || parser.nextToken() != null) {
        throw source.malformed("has a header that is not one JSON object");
      }
      ImmutableMap.Builder<String, String> metadata = ImmutableMap.builder();
      List<StoredTensor> tensors = new ArrayList<>();
      for (Map.Entry<String, JsonNode> entry : root.properties()) {
        if (entry.getKey().equals(METADATA)) {
          metadata.putAll(texts(entry.getValue()));
        } else {
          tensors.add(tensor(entry.getKey(), entry.getValue()));
        }
      }
      tensors.sort(Comparator.comparingLong(StoredTensor::offset));
      requireNoGaps(tensors);
      ImmutableMap.Builder<String, StoredTensor> byName = ImmutableMap.builder();
      tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
      return new Safetensors(source.file(), byName.buildOrThrow(), metadata.buildOrThrow());
    }

    private Map<String, String> texts(JsonNode metadata) throws ModelFormatException {
      Map<String, String> texts = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> text : metadata.properties()) {
        texts.put(text.getKey(), text.getValue().asText());
      }
      if (!metadata.isObject()
          || !Streams.stream(metadata.elements()).allMatch(JsonNode::isTextual)) {
        throw source.malformed(
            "has " + excerpt(metadata) + " as " + METADATA + " in place of texts by name");
      }
      return texts;
    }

    private StoredTensor tensor(String name, JsonNode entry) throws ModelFormatException {
      JsonNode offsets = entry.path("data_offsets");
      long from = number(name, offsets.path(0));
      long to = number(name, offsets.path(1));
      String type = entry.path("dtype").asText();
      ImmutableList.Builder<Long> dims = ImmutableList.builder();
      if (!entry.path("shape").isArray() || offsets.size() != 2) {
        throw source.malformed(
            "tensor " + name + " is " + excerpt(entry) + ", without shape or place");
      }
      for (JsonNode dim : entry.path("shape")) {
        dims.add(number(name, dim));
      }
      ImmutableList<Long> shape = dims.build();
      if (from > to || to > size - begin || to - from != needed(name, type, shape)) {
        throw source.malformed(
            "tensor %s has bytes %d to %d of %d, but %s of shape %s takes %d"
                .formatted(name, from, to, size - begin, type, shape, needed(name, type, shape)));
      }
      return new StoredTensor(name, type, shape, source.file(), begin + from, to - from);
    }

    private long number(String name, JsonNode value) throws ModelFormatException {
      if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
        throw source.malformed(
            "tensor " + name + " has " + excerpt(value) + " in place of a number of at least 0");
      }
      return value.longValue();
    }

    private long needed(String name, String type, List<Long> shape) throws ModelFormatException {
      long bytes =
          ElementType.size(type)
              .orElseThrow(
                  () -> source.malformed("tensor " + name + " has the unknown dtype " + type));
      try {
        for (long dim : shape) {
          bytes = LongMath.checkedMultiply(bytes, dim);
        }
        return bytes;
      } catch (ArithmeticException e) {
        throw source.malformed("tensor " + name + " has the shape " + shape + ", too large", e);
      }
    }

    private void requireNoGaps(List<StoredTensor> tensors) throws ModelFormatException {
      long end = begin;
      for (StoredTensor tensor : tensors) {
        if (tensor.offset() != end) {
          throw source.malformed(
              "tensor %s begins at byte %d of the data, but what is before it ends at %d"
                  .formatted(tensor.name(), tensor.offset() - begin, end - begin));
        }
        end += tensor.length();
      }
      if (end != size) {
        throw source.malformed(
            "has " + (size - begin) + " bytes of data, of which tensors take " + (end - begin));
      }
    }

    private static String excerpt(JsonNode value) {
      return Ascii.truncate(value.toString(), 80, "...");
    }
  }
}
