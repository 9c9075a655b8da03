package dev.tale.onnx.checkpoint.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tale.files.NamedFailure;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tensors of a file under the names of transformers, in float32, as a safetensors file. One row
 * at a time is in the heap.
 *
 * <p>Implementation note. For architecture llama, converters store the rows of queries and keys in
 * the order of interleaved rotation, pair after pair; in transformers the first components of all
 * pairs of a head come before the second ones.
 */
final class DequantizedWeights {
  private static final Pattern OF_BLOCK =
      Pattern.compile("blk\\.(\\d{1,9})\\.(.+)\\.(weight|bias)");

  /** Parts of a block, by their names in files. */
  private static final ImmutableMap<String, String> PARTS =
      ImmutableMap.<String, String>builder()
          .put("attn_norm", "input_layernorm")
          .put("attn_q", "self_attn.q_proj")
          .put("attn_k", "self_attn.k_proj")
          .put("attn_v", "self_attn.v_proj")
          .put("attn_output", "self_attn.o_proj")
          .put("attn_q_norm", "self_attn.q_norm")
          .put("attn_k_norm", "self_attn.k_norm")
          .put("ffn_norm", "post_attention_layernorm")
          .put("ffn_gate", "mlp.gate_proj")
          .put("ffn_up", "mlp.up_proj")
          .put("ffn_down", "mlp.down_proj")
          .buildOrThrow();

  private static final ImmutableMap<String, String> OTHERS =
      ImmutableMap.of(
          "token_embd.weight", "model.embed_tokens.weight",
          "output_norm.weight", "model.norm.weight",
          "output.weight", "lm_head.weight");

  /** Computed anew by whoever runs the model. */
  private static final String ROPE_FACTORS = "rope_freqs.weight";

  /** Keys of texts that say how a file was pruned before. */
  private static final String PROVENANCE = "tale.";

  private final GgufFile file;
  private final Map<String, GgufTensor> named = new LinkedHashMap<>();

  /**
   * Names the tensors.
   *
   * @throws ModelFormatException if one has an unknown name
   */
  DequantizedWeights(GgufFile file) throws ModelFormatException {
    this.file = file;
    for (GgufTensor tensor : file.tensors().values()) {
      if (!tensor.name().equals(ROPE_FACTORS)) {
        named.put(name(tensor), tensor);
      }
    }
  }

  private String name(GgufTensor tensor) throws ModelFormatException {
    String other = OTHERS.get(tensor.name());
    Matcher block = OF_BLOCK.matcher(tensor.name());
    if (other != null) {
      return other;
    }
    if (block.matches() && PARTS.containsKey(block.group(2))) {
      return "model.layers."
          + block.group(1)
          + "."
          + PARTS.get(block.group(2))
          + "."
          + block.group(3);
    }
    throw new GgufMetadata(file)
        .source()
        .malformed(
            "has a tensor %s, which architecture %s does not have"
                .formatted(tensor.name(), new GgufMetadata(file).architecture()));
  }

  /** Shapes by name. */
  ImmutableMap<String, ImmutableList<Long>> shapes() {
    return ImmutableMap.copyOf(Maps.transformValues(named, GgufTensor::shape));
  }

  /** Bytes of all numbers. */
  long bytes() {
    return named.values().stream().mapToLong(DequantizedWeights::bytes).sum();
  }

  private static long bytes(GgufTensor tensor) {
    return tensor.rows() * tensor.rowLength() * Float.BYTES;
  }

  /**
   * Creates the safetensors file.
   *
   * @param headSize components of a head
   */
  void write(Path target, int headSize) throws IOException {
    NamedFailure.of(
        target,
        () -> {
          try (FileChannel source = FileChannel.open(file.file());
              FileChannel sink =
                  FileChannel.open(
                      target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            write(sink, header());
            for (GgufTensor tensor : named.values()) {
              write(tensor, order(tensor, headSize), source, sink);
            }
          }
        });
  }

  private ByteBuffer header() {
    ObjectNode header = JsonMapper.builder().build().createObjectNode();
    ObjectNode texts = header.putObject("__metadata__").put("format", "pt");
    file.metadata().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(PROVENANCE))
        .forEach(entry -> texts.put(entry.getKey(), String.valueOf(entry.getValue().value())));
    long end = 0;
    for (Map.Entry<String, GgufTensor> entry : named.entrySet()) {
      ObjectNode node = header.putObject(entry.getKey()).put("dtype", "F32");
      entry.getValue().shape().forEach(node.putArray("shape")::add);
      node.putArray("data_offsets").add(end).add(end + bytes(entry.getValue()));
      end += bytes(entry.getValue());
    }
    byte[] text = header.toString().getBytes(UTF_8);
    return ByteBuffer.allocate(Long.BYTES + text.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .flip();
  }

  private void write(GgufTensor tensor, RowOrder order, FileChannel source, FileChannel sink)
      throws IOException {
    long rows = tensor.rows();
    int batch = (int) Math.max(1, (1 << 20) / (tensor.rowLength() * Float.BYTES));
    for (long row = 0; row < rows; row += batch) {
      int count = (int) Math.min(batch, rows - row);
      ByteBuffer floats =
          ByteBuffer.allocate(Math.toIntExact(count * tensor.rowLength() * Float.BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (long next = row; next < row + count; next++) {
        byte[] stored = row(tensor, order.stored(next), source);
        for (float value : tensor.type().dequantize(stored)) {
          floats.putFloat(value);
        }
      }
      write(sink, floats.flip());
    }
  }

  private static void write(FileChannel sink, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      sink.write(bytes);
    }
  }

  private byte[] row(GgufTensor tensor, long row, FileChannel source) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.rowBytes()));
    long begin = tensor.offset() + row * tensor.rowBytes();
    while (bytes.hasRemaining()) {
      if (source.read(bytes, begin + bytes.position()) < 0) {
        throw new GgufMetadata(file).source().malformed("has shrunk while it was read");
      }
    }
    return bytes.array();
  }

  private RowOrder order(GgufTensor tensor, int headSize) throws ModelFormatException {
    GgufMetadata metadata = new GgufMetadata(file);
    boolean permuted =
        metadata.architecture().equals("llama")
            && tensor.name().matches("blk\\.\\d+\\.attn_[qk]\\.(weight|bias)");
    if (!permuted) {
      return row -> row;
    }
    if (tensor.shape().size() == 1) {
      throw metadata
          .source()
          .unsupported(
              "has a bias "
                  + tensor.name()
                  + ", which files of architecture llama do not order alike. Prune the Hugging Face"
                  + " folder that the file was made of");
    }
    return row -> row / headSize * headSize + interleaved(row % headSize, headSize / 2);
  }

  /** The place of a component in interleaved order, of so many pairs. */
  private static long interleaved(long component, int pairs) {
    return component < pairs ? 2 * component : 2 * (component - pairs) + 1;
  }

  /** Where a row of transformers is stored. */
  @FunctionalInterface
  private interface RowOrder {
    long stored(long row);
  }
}
