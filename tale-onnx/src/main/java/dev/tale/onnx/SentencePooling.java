package dev.tale.onnx;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.session.walk.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How sentence-transformers says that an encoder's hidden states become one vector: {@code
 * modules.json} names the steps and the folder of the pooling's {@code config.json}, usually {@code
 * 1_Pooling}. Without these files it is the mean, which is their default too.
 */
final class SentencePooling {
  private static final String MODULES = "modules.json";
  private static final String USUAL_FOLDER = "1_Pooling";
  private static final String CONFIG = "config.json";
  private static final String STEP = "Pooling";

  /** One string, or several; since sentence-transformers 5.4. */
  private static final String MODE = "pooling_mode";

  /** Sums over sqrt(tokens) point where means point, and only directions are compared. */
  private static final ImmutableMap<String, Pooling> KNOWN =
      ImmutableMap.of(
          "mean", Pooling.MEAN, "mean_sqrt_len_tokens", Pooling.MEAN, "cls", Pooling.CLS);

  /** The same in the older form, a key for each mode. */
  private static final ImmutableMap<String, Pooling> KNOWN_KEYS =
      ImmutableMap.of(
          "pooling_mode_mean_tokens", Pooling.MEAN,
          "pooling_mode_mean_sqrt_len_tokens", Pooling.MEAN,
          "pooling_mode_cls_token", Pooling.CLS);

  /** Steps that leave the direction of what is pooled as it is, or are the pooling. */
  private static final ImmutableSet<String> STEPS =
      ImmutableSet.of("Transformer", STEP, "Normalize");

  private SentencePooling() {}

  /**
   * Reads the pooling.
   *
   * @throws ModelFormatException if a file is not JSON, or the pooling's file, which {@code
   *     modules.json} names, is absent
   * @throws UnsupportedModelException if the pooling is neither mean nor the first token, or a step
   *     follows it that changes directions
   */
  static Pooling read(ModelDirectory directory) throws IOException {
    Path modules = directory.path().resolve(MODULES);
    Optional<String> folder = Files.isRegularFile(modules) ? folder(modules) : Optional.empty();
    Path config = directory.path().resolve(folder.orElse(USUAL_FOLDER)).resolve(CONFIG);
    if (Files.isRegularFile(config)) {
      return pooling(config);
    }
    if (Files.exists(config, LinkOption.NOFOLLOW_LINKS)) {
      throw new ModelFormatException(
          config + ": is not a regular file, nor a link to one; fetch or export the model again");
    }
    if (folder.isPresent()) {
      throw new ModelFormatException(
          config
              + " is absent, but "
              + modules
              + " names it: how the model pools is not known. Copy the folder "
              + folder.get()
              + " of the original model beside modules.json");
    }
    return Pooling.MEAN;
  }

  /** The folder of the pooling, if there is such a step. */
  private static Optional<String> folder(Path modules) throws IOException {
    Optional<String> folder = Optional.empty();
    for (JsonNode module : ModelConfig.json(modules)) {
      String type = module.path("type").asText();
      String step = type.substring(type.lastIndexOf('.') + 1);
      checkStep(modules, type, step);
      if (step.equals(STEP)) {
        folder = Optional.of(module.path("path").asText(USUAL_FOLDER));
      }
    }
    return folder;
  }

  private static void checkStep(Path modules, String type, String step) {
    if (!STEPS.contains(step)) {
      throw new UnsupportedModelException(
          modules
              + ": step "
              + type
              + " changes the embedding after the ONNX graph, and is not run here; known are "
              + STEPS
              + ". Export a graph that contains it, or remove the step if it is not used");
    }
  }

  private static Pooling pooling(Path file) throws IOException {
    JsonNode config = ModelConfig.json(file);
    JsonNode mode = config.path(MODE);
    return mode.isMissingNode()
        ? only(file, keys(config), KNOWN_KEYS)
        : only(file, names(mode), KNOWN);
  }

  private static ImmutableList<String> names(JsonNode mode) {
    return mode.isArray()
        ? Streams.stream(mode).map(JsonNode::asText).collect(toImmutableList())
        : ImmutableList.of(mode.asText());
  }

  private static ImmutableList<String> keys(JsonNode config) {
    return config.properties().stream()
        .filter(entry -> entry.getKey().startsWith(MODE) && entry.getValue().asBoolean())
        .map(Map.Entry::getKey)
        .collect(toImmutableList());
  }

  private static Pooling only(
      Path file, ImmutableList<String> modes, ImmutableMap<String, Pooling> known) {
    Pooling pooling = modes.size() == 1 ? known.get(modes.get(0)) : null;
    if (pooling == null) {
      throw new UnsupportedModelException(
          file
              + ": pools by "
              + modes
              + ", but exactly one of "
              + known.keySet()
              + " can be run. Name that one if the model was trained with it, or use another model:"
              + " embeddings that are pooled otherwise are not the model's");
    }
    return pooling;
  }
}
