package dev.tale.onnx.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.graph.Source;

/**
 * A decoder as its {@code config.json} describes it: LLaMA and its kin, in which each layer adds
 * attention and then a gated feed-forward part to the stream, each behind an RMS norm or before
 * one. All five models of the TALE paper are such.
 *
 * @param family {@code model_type}
 * @param layers number of layers, in order
 * @param hidden width of the stream
 * @param feedForward width inside the feed-forward part
 * @param heads number of query heads
 * @param groups number of key and value heads
 * @param headSize components of a head
 * @param vocabulary rows of the embedding matrix
 * @param positions largest number of tokens
 * @param epsilon of the norms
 * @param rope rotary positions
 * @param tied whether the embedding is the head, too
 * @param biases which products add a bias
 * @param traits in which it differs from LLaMA
 * @param scales of the stream
 */
record Architecture(
    String family,
    ImmutableList<Layer> layers,
    int hidden,
    int feedForward,
    int heads,
    int groups,
    int headSize,
    int vocabulary,
    int positions,
    float epsilon,
    Rope rope,
    boolean tied,
    ImmutableSet<Bias> biases,
    ImmutableSet<Trait> traits,
    Scales scales) {

  /** The way that always works. */
  static final String EXPORT =
      "Export it to ONNX, with optimum-cli export onnx --task text-generation-with-past --model"
          + " DIRECTORY OUT, and open that";

  /** ONNX Runtime rotates pairs of components by eights. */
  private static final int HEAD_UNIT = 16;

  /** Components of all heads together. */
  private static final long MOST_WIDTH = 1 << 24;

  private static final ImmutableSet<String> FAMILIES =
      ImmutableSet.of("llama", "mistral", "qwen2", "qwen3", "smollm3", "granite", "olmo2", "phi3");

  private static final ImmutableMap<String, Trait> TRAITS =
      ImmutableMap.of(
          "qwen3", Trait.HEAD_NORMS, "olmo2", Trait.NORMS_BEHIND, "phi3", Trait.PACKED_WEIGHTS);

  /** Products that may add a bias. */
  enum Bias {
    QUERY_KEY_VALUE,
    ATTENTION_OUTPUT,
    FEED_FORWARD
  }

  /** A difference from LLaMA. */
  enum Trait {
    /** Each head's queries and keys are normalised. */
    HEAD_NORMS,
    /**
     * Attention and feed-forward part are normalised behind, not before, and queries and keys over
     * all heads together.
     */
    NORMS_BEHIND,
    /** Queries, keys and values are one weight, and so are the gate and what it lets through. */
    PACKED_WEIGHTS
  }

  /**
   * Factors on the stream, 1 in most models.
   *
   * @param embedding on the embedding
   * @param attention on the products of queries and keys; 0 for one over the root of the head size
   * @param residual on what attention and feed-forward part add
   * @param logits by which logits are divided
   */
  record Scales(float embedding, float attention, float residual, float logits) {
    static final Scales NONE = new Scales(1, 0, 1, 1);

    private static Scales read(ConfigReader read) throws ModelFormatException {
      JsonNode config = read.config();
      return new Scales(
          (float) read.positive(config, "embedding_multiplier", 1),
          (float) read.positive(config, "attention_multiplier", 1),
          (float) read.positive(config, "residual_multiplier", 1),
          (float) read.positive(config, "logits_scaling", 1));
    }
  }

  /**
   * A layer's own settings.
   *
   * @param window so many tokens are attended to, itself included; 0 for all
   * @param rotary whether its attention knows positions
   */
  record Layer(int window, boolean rotary) {}

  /**
   * Reads the settings.
   *
   * @throws dev.tale.model.UnsupportedModelException if it is another kind of model
   * @throws dev.tale.model.ModelFormatException if a size is missing or impossible
   */
  static Architecture read(Source source, JsonNode config) throws ModelFormatException {
    ConfigReader read = new ConfigReader(source, config);
    String family = config.path("model_type").asText();
    if (!FAMILIES.contains(family)) {
      throw source.unsupported(
          "has model_type "
              + (family.isEmpty() ? "missing" : family)
              + "; of checkpoints Tale runs "
              + FAMILIES
              + ". "
              + EXPORT);
    }
    read.refuseOthers();
    int hidden = read.size("hidden_size");
    int heads = read.size("num_attention_heads");
    int groups = read.size("num_key_value_heads", family.equals("llama") ? heads : 0);
    int headSize = read.size("head_dim", family.equals("qwen3") ? 128 : hidden / heads);
    read.require(heads % groups == 0, "num_key_value_heads", groups, "a divisor of " + heads);
    read.require(
        (long) heads * headSize <= MOST_WIDTH,
        "num_attention_heads",
        heads,
        "few enough for heads");
    read.require(headSize % 2 == 0, "head_dim", headSize, "even");
    if (headSize % HEAD_UNIT != 0) {
      throw source.unsupported(
          "head_dim is "
              + headSize
              + ", which ONNX Runtime's attention does not rotate; a multiple"
              + " of "
              + HEAD_UNIT
              + ". "
              + EXPORT);
    }
    return new Architecture(
        family,
        layers(read, family),
        hidden,
        read.size("intermediate_size"),
        heads,
        groups,
        headSize,
        read.size("vocab_size"),
        read.size("max_position_embeddings"),
        (float) read.positive(config, "rms_norm_eps", usualEpsilon(family)),
        Rope.read(read, family.equals("smollm3") ? 2_000_000 : 10_000),
        read.flag("tie_word_embeddings", family.equals("smollm3")),
        biases(family, read),
        TRAITS.containsKey(family) ? ImmutableSet.of(TRAITS.get(family)) : ImmutableSet.<Trait>of(),
        family.equals("granite") ? Scales.read(read) : Scales.NONE);
  }

  /** As transformers has it where a file says nothing. */
  private static double usualEpsilon(String family) {
    return family.equals("olmo2") || family.equals("phi3") ? 1e-5 : 1e-6;
  }

  private static ImmutableSet<Bias> biases(String family, ConfigReader read)
      throws ModelFormatException {
    ImmutableSet.Builder<Bias> biases = ImmutableSet.builder();
    if (family.equals("qwen2")) {
      biases.add(Bias.QUERY_KEY_VALUE);
    } else if (read.flag("attention_bias", false)) {
      biases.add(Bias.QUERY_KEY_VALUE, Bias.ATTENTION_OUTPUT);
    }
    if (read.flag("mlp_bias", false)) {
      biases.add(Bias.FEED_FORWARD);
    }
    return biases.build();
  }

  private static ImmutableList<Layer> layers(ConfigReader read, String family)
      throws ModelFormatException {
    int count = read.size("num_hidden_layers");
    ImmutableList.Builder<Layer> layers = ImmutableList.builder();
    for (int layer = 0; layer < count; layer++) {
      boolean rotary = !family.equals("smollm3") || read.rotary(layer);
      layers.add(new Layer(read.window(family, layer), rotary));
    }
    return layers.build();
  }
}
