package dev.tale.onnx.checkpoint.gguf;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** The metadata of a file as the {@code config.json} of transformers. */
final class GgufConfig {
  private static final int MOST = 1 << 24;
  private static final String ROPE_FACTORS = "rope_freqs.weight";

  private static final ImmutableMap<String, String> CLASSES =
      ImmutableMap.of(
          "llama", "LlamaForCausalLM", "qwen2", "Qwen2ForCausalLM", "qwen3", "Qwen3ForCausalLM");

  /** Factors by which LLaMA 3.1 and later stretch long wavelengths, as published. */
  private static final double[] STRETCHES = {8, 16, 32, 64};

  private static final double LOW = 1;
  private static final double HIGH = 4;
  private static final double ORIGINAL = 8192;

  private final GgufFile file;
  private final GgufMetadata metadata;
  private final String prefix;

  private GgufConfig(GgufFile file) throws ModelFormatException {
    this.file = file;
    this.metadata = new GgufMetadata(file);
    this.prefix = metadata.architecture() + ".";
  }

  /**
   * The settings.
   *
   * @throws ModelFormatException if one is missing or impossible
   * @throws dev.tale.model.UnsupportedModelException if positions are scaled in another way than is
   *     known, or attention has a window
   */
  static ObjectNode of(GgufFile file) throws IOException {
    return new GgufConfig(file).config();
  }

  private ObjectNode config() throws IOException {
    String family = metadata.architecture();
    ObjectNode config = JsonMapper.builder().build().createObjectNode();
    config.put("model_type", family).putArray("architectures").add(CLASSES.get(family));
    int hidden = size("embedding_length");
    int heads = size("attention.head_count");
    int headSize = headSize(hidden, heads);
    config
        .put("hidden_size", hidden)
        .put("intermediate_size", size("feed_forward_length"))
        .put("num_hidden_layers", metadata.blocks())
        .put("num_attention_heads", heads)
        .put("num_key_value_heads", groups(heads))
        .put("head_dim", headSize)
        .put("hidden_act", "silu")
        .put("rms_norm_eps", epsilon())
        .put("max_position_embeddings", size("context_length"))
        .put("vocab_size", vocabulary())
        .put("tie_word_embeddings", !file.tensors().containsKey("output.weight"))
        .put("attention_bias", file.tensors().containsKey("blk.0.attn_q.bias"))
        .put("torch_dtype", "float32");
    refuseWindow();
    positions(config, headSize);
    tokens(config);
    return config;
  }

  private int size(String key) throws ModelFormatException {
    return metadata.size(prefix + key, MOST);
  }

  private int groups(int heads) throws ModelFormatException {
    return file.metadata().containsKey(prefix + "attention.head_count_kv")
        ? size("attention.head_count_kv")
        : heads;
  }

  private int headSize(int hidden, int heads) throws ModelFormatException {
    if (!file.metadata().containsKey(prefix + "attention.key_length")) {
      return Math.max(1, hidden / heads);
    }
    int keys = size("attention.key_length");
    Optional<Long> values = metadata.integer(prefix + "attention.value_length");
    if (values.isPresent() && values.get() != keys) {
      throw metadata
          .source()
          .unsupported(
              "has keys of %d components and values of %d; Tale runs those that are equal"
                  .formatted(keys, values.get()));
    }
    return keys;
  }

  private double epsilon() throws ModelFormatException {
    String key = prefix + "attention.layer_norm_rms_epsilon";
    double epsilon =
        metadata.number(key).orElseThrow(() -> metadata.source().malformed(key + " is missing"));
    // A float32 in the file: the shortest number that is this float.
    return Double.parseDouble(Float.toString((float) epsilon));
  }

  private int vocabulary() throws ModelFormatException {
    GgufTensor embedding = file.tensors().get("token_embd.weight");
    if (embedding == null || embedding.rows() > MOST) {
      throw metadata.source().malformed("has no tensor token_embd.weight, or one too large");
    }
    return (int) embedding.rows();
  }

  private void refuseWindow() throws ModelFormatException {
    String key = prefix + "attention.sliding_window";
    if (metadata.integer(key).orElse(0L) > 0) {
      throw metadata
          .source()
          .unsupported(
              key
                  + " is "
                  + metadata.integer(key).orElse(0L)
                  + "; which blocks have that window is not told. Prune the Hugging Face folder"
                  + " that the file was made of");
    }
  }

  private void positions(ObjectNode config, int headSize) throws IOException {
    double theta =
        Double.parseDouble(
            Float.toString(
                (float) (double) metadata.number(prefix + "rope.freq_base").orElse(1e4)));
    config.put("rope_theta", theta);
    long rotated = metadata.integer(prefix + "rope.dimension_count").orElse((long) headSize);
    if (rotated != headSize) {
      throw metadata
          .source()
          .unsupported(
              "rotates %d of the %d components of a head; Tale rotates all"
                  .formatted(rotated, headSize));
    }
    String type = metadata.text(prefix + "rope.scaling.type").orElse("none");
    if (type.equals("linear")) {
      double factor = metadata.number(prefix + "rope.scaling.factor").orElse(1.0);
      config.putObject("rope_scaling").put("rope_type", "linear").put("factor", factor);
    } else if (!type.equals("none")) {
      throw metadata
          .source()
          .unsupported(
              prefix
                  + "rope.scaling.type is "
                  + type
                  + "; known are none and linear. Export the"
                  + " original checkpoint to ONNX, and open that");
    }
    if (file.tensors().containsKey(ROPE_FACTORS)) {
      stretched(config, theta, headSize);
    }
  }

  /** LLaMA 3.1 and later: the file has the divisor of each frequency, transformers the rule. */
  private void stretched(ObjectNode config, double theta, int headSize) throws IOException {
    float[] divisors = divisors(headSize);
    double factor =
        DoubleStream.of(STRETCHES)
            .filter(candidate -> isStretch(divisors, candidate, theta, headSize))
            .boxed()
            .findFirst()
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty())
            .orElseThrow(
                () ->
                    metadata
                        .source()
                        .unsupported(
                            ROPE_FACTORS
                                + " follows another rule than that of LLaMA 3.1. Prune the Hugging"
                                + " Face folder that the file was made of"));
    config
        .putObject("rope_scaling")
        .put("rope_type", "llama3")
        .put("factor", factor)
        .put("low_freq_factor", LOW)
        .put("high_freq_factor", HIGH)
        .put("original_max_position_embeddings", (int) ORIGINAL);
  }

  private float[] divisors(int headSize) throws IOException {
    GgufTensor tensor = file.tensors().get(ROPE_FACTORS);
    if (tensor == null || tensor.type() != GgmlType.F32 || tensor.rowLength() != headSize / 2) {
      throw metadata
          .source()
          .malformed(ROPE_FACTORS + " must have " + headSize / 2 + " elements of type F32");
    }
    float[] divisors = new float[headSize / 2];
    ByteBuffer.wrap(file.range(tensor).read())
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(divisors);
    return divisors;
  }

  private static boolean isStretch(float[] divisors, double factor, double theta, int headSize) {
    for (int pair = 0; pair < divisors.length; pair++) {
      double wavelength = 2 * Math.PI * Math.pow(theta, 2.0 * pair / headSize);
      double smooth = (ORIGINAL / wavelength - LOW) / (HIGH - LOW);
      double kept = Math.max(0, Math.min(1, smooth));
      double divisor = 1 / ((1 - kept) / factor + kept);
      if (!(Math.abs(divisors[pair] / divisor - 1) < 1e-4)) {
        return false;
      }
    }
    return true;
  }

  private void tokens(ObjectNode config) throws ModelFormatException {
    metadata
        .integer("tokenizer.ggml.bos_token_id")
        .ifPresent(token -> config.put("bos_token_id", token));
    metadata
        .integer("tokenizer.ggml.eos_token_id")
        .ifPresent(token -> config.put("eos_token_id", token));
  }
}
