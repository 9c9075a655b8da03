package dev.tale.onnx.checkpoint.gguf;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.graph.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Metadata of a file by the names of its architecture, checked. */
record GgufMetadata(GgufFile of) {
  private static final ImmutableSet<String> ARCHITECTURES =
      ImmutableSet.of("llama", "qwen2", "qwen3");

  private static final ImmutableSet<String> PROJECTORS = ImmutableSet.of("clip", "mmproj");

  private static final ImmutableMap<String, Object> UNFOLLOWED =
      ImmutableMap.<String, Object>builder()
          .put("attention.causal", true)
          .put("rope.scale_linear", 1.0)
          .put("attention.clamp_kqv", 0.0)
          .put("attention.scale", 0.0)
          .put("attention.max_alibi_bias", 0.0)
          .put("use_parallel_residual", false)
          .put("logit_scale", 0.0)
          .put("residual_scale", 0.0)
          .put("embedding_scale", 0.0)
          .put("attn_logit_softcapping", 0.0)
          .put("final_logit_softcapping", 0.0)
          .buildOrThrow();

  private static final int MOST_BLOCKS = 10_000;

  Source source() {
    return new Source(of.file());
  }

  /**
   * Refuses files that are not one whole model of a known architecture.
   *
   * @throws dev.tale.model.UnsupportedModelException with the reason
   */
  void requireModel() throws ModelFormatException {
    if (integer("split.count").orElse(1L) > 1) {
      throw source()
          .unsupported(
              "is one of "
                  + integer("split.count").orElse(0L)
                  + " files of a model. Merge them with llama-gguf-split --merge");
    }
    String type = text("general.type").orElse("model");
    if (!type.equals("model")) {
      throw source().unsupported("is of type " + type + ", not model. " + remedy(type));
    }
    String architecture = architecture();
    if (PROJECTORS.contains(architecture)) {
      throw source()
          .unsupported(
              "is the projector of a model that sees or hears, of architecture "
                  + architecture
                  + ". Give the file with the language model that it belongs to");
    }
    if (!ARCHITECTURES.contains(architecture)) {
      throw source()
          .unsupported(
              "is of architecture "
                  + architecture
                  + "; of GGUF files Tale runs "
                  + ARCHITECTURES
                  + ". Export the original checkpoint to ONNX, and open that");
    }
    if (integer(architecture + ".expert_count").orElse(0L) > 0) {
      throw source()
          .unsupported(
              "has experts, which Tale does not run from GGUF. Export the original checkpoint to"
                  + " ONNX, and open that");
    }
    refuseUnfollowed(architecture);
    if (of.tensors().isEmpty()) {
      throw source().unsupported("has a vocabulary, but no tensors. Give the file with the model");
    }
  }

  private static String remedy(String type) {
    return type.equals("adapter")
        ? "Merge the adapter into its model first"
        : "Give the file with the language model that it belongs to";
  }

  /** Settings that would change the numbers unseen; neutral values may be there. */
  private void refuseUnfollowed(String architecture) {
    for (Map.Entry<String, Object> neutral : UNFOLLOWED.entrySet()) {
      String key = architecture + "." + neutral.getKey();
      GgufFile.Entry entry = of.metadata().get(key);
      if (entry != null && !entry.value().equals(neutral.getValue())) {
        throw source()
            .unsupported(
                key
                    + " is "
                    + entry.value()
                    + ", which Tale does not follow. Export the original checkpoint to ONNX, and"
                    + " open that");
      }
    }
  }

  String architecture() throws ModelFormatException {
    return text("general.architecture")
        .orElseThrow(() -> source().malformed("has no general.architecture"));
  }

  String blockCountKey() throws ModelFormatException {
    return architecture() + ".block_count";
  }

  int blocks() throws ModelFormatException {
    return size(blockCountKey(), MOST_BLOCKS);
  }

  /** A number of the architecture, at least 1, by the end of its key. */
  int size(String key, int most) throws ModelFormatException {
    Optional<Long> value = integer(key);
    if (value.isEmpty() || value.get() < 1 || value.get() > most) {
      throw source()
          .malformed(
              key
                  + " is "
                  + value.map(String::valueOf).orElse("missing")
                  + "; a number of 1 to "
                  + most);
    }
    return value.get().intValue();
  }

  Optional<String> text(String key) throws ModelFormatException {
    return get(key, String.class, "a text");
  }

  Optional<Long> integer(String key) throws ModelFormatException {
    return get(key, Long.class, "a whole number");
  }

  Optional<Double> number(String key) throws ModelFormatException {
    Optional<Double> number = get(key, Double.class, "a number with a fraction");
    if (number.isPresent() && !Double.isFinite(number.get())) {
      throw source().malformed(key + " is " + number.get() + "; a finite number");
    }
    return number;
  }

  Optional<Boolean> flag(String key) throws ModelFormatException {
    return get(key, Boolean.class, "true or false");
  }

  /** A list of values of one class; empty if there is none. */
  <T> List<T> list(String key, Class<T> each, String name) throws ModelFormatException {
    List<?> list = get(key, List.class, "a list").orElse(List.of());
    for (Object value : list) {
      if (!each.isInstance(value)) {
        throw source().malformed(key + " has " + value + " in a list of " + name);
      }
    }
    return list.stream().map(each::cast).toList();
  }

  private <T> Optional<T> get(String key, Class<T> type, String name) throws ModelFormatException {
    GgufFile.Entry entry = of.metadata().get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (!type.isInstance(entry.value())) {
      throw source()
          .malformed(key + " is of type " + entry.type() + " where " + name + " is expected");
    }
    return Optional.of(type.cast(entry.value()));
  }
}
