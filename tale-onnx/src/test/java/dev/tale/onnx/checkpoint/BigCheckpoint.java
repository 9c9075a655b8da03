package dev.tale.onnx.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.LayerMask;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A Hugging Face folder of the shape of LLaMA 3.1 8B in bfloat16, 16 GB in one file of holes, and a
 * run that opens it, gates it and writes it in part.
 */
public final class BigCheckpoint {
  private static final int LAYERS = 32;
  private static final long HIDDEN = 4096;
  private static final long KEYS = 1024;
  private static final long INSIDE = 14336;
  private static final long VOCABULARY = 128256;
  private static final ObjectMapper JSON = new ObjectMapper();

  private BigCheckpoint() {}

  static void write(Path directory) throws IOException {
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 4096,
         "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
         "num_key_value_heads": 8, "max_position_embeddings": 131072, "vocab_size": 128256,
         "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "tie_word_embeddings": false,
         "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
           "high_freq_factor": 4.0, "original_max_position_embeddings": 8192},
         "torch_dtype": "bfloat16"}
        """);
    ObjectNode header = JSON.createObjectNode();
    long end = 0;
    for (Map.Entry<String, List<Long>> weight : shapes().entrySet()) {
      long bytes = weight.getValue().stream().reduce(2L, Math::multiplyExact);
      ObjectNode entry = header.putObject(weight.getKey()).put("dtype", "BF16");
      weight.getValue().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(end).add(end + bytes);
      end += bytes;
    }
    byte[] text = header.toString().getBytes(UTF_8);
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("model.safetensors").toFile(), "rw")) {
      file.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
      file.write(text);
      file.setLength(8 + text.length + end);
    }
  }

  private static Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put("model.embed_tokens.weight", List.of(VOCABULARY, HIDDEN));
    for (int layer = 0; layer < LAYERS; layer++) {
      String at = "model.layers." + layer + ".";
      shapes.put(at + "input_layernorm.weight", List.of(HIDDEN));
      shapes.put(at + "self_attn.q_proj.weight", List.of(HIDDEN, HIDDEN));
      shapes.put(at + "self_attn.k_proj.weight", List.of(KEYS, HIDDEN));
      shapes.put(at + "self_attn.v_proj.weight", List.of(KEYS, HIDDEN));
      shapes.put(at + "self_attn.o_proj.weight", List.of(HIDDEN, HIDDEN));
      shapes.put(at + "post_attention_layernorm.weight", List.of(HIDDEN));
      shapes.put(at + "mlp.gate_proj.weight", List.of(INSIDE, HIDDEN));
      shapes.put(at + "mlp.up_proj.weight", List.of(INSIDE, HIDDEN));
      shapes.put(at + "mlp.down_proj.weight", List.of(HIDDEN, INSIDE));
    }
    shapes.put("model.norm.weight", List.of(HIDDEN));
    shapes.put("lm_head.weight", List.of(VOCABULARY, HIDDEN));
    return shapes;
  }

  /**
   * Prints the seconds of each step.
   *
   * @param args the folder; the target; how many layers stay, the last ones
   */
  public static void main(String[] args) throws IOException {
    long start = System.nanoTime();
    ModelDirectory model = ModelDirectory.open(Path.of(args[0]));
    int layers = model.stream().layerCount();
    print("opened and understood", start, layers + " layers, " + model.bytes() + " bytes");
    start = System.nanoTime();
    int bytes = GatedGraph.of(model.stream(), ConditionForm.BOOL).modelBytes().length;
    print("gated", start, bytes + " bytes");
    start = System.nanoTime();
    int[] removed = IntStream.range(0, layers - Integer.parseInt(args[2])).toArray();
    try (Staged staged =
        model.write(LayerMask.of(layers, removed), Path.of(args[1]), Map.of("tale.note", "big"))) {
      long written = staged.bytes();
      staged.commit();
      print("written", start, written + " bytes");
    }
  }

  private static void print(String step, long start, String found) {
    System.out.printf(
        Locale.ROOT, "%s %.2f s %s%n", step, (System.nanoTime() - start) / 1e9, found);
  }
}
