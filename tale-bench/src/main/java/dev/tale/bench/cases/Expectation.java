package dev.tale.bench.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a model should give, by PyTorch with the layers of each mask deleted: {@code expected.json}
 * and {@code expected.npz} of a case.
 *
 * @param masks layers removed, by mask
 * @param prompts texts
 * @param continuations texts whose log-likelihoods after each prompt are expected
 * @param tokens of each prompt
 * @param logLikelihoods by mask, prompt and continuation; empty for an encoder
 * @param outputs logits or last hidden states, by mask and prompt: rows by position
 */
record Expectation(
    ImmutableList<ImmutableList<Integer>> masks,
    ImmutableList<String> prompts,
    ImmutableList<String> continuations,
    ImmutableList<ImmutableLongArray> tokens,
    ImmutableMap<Integer, double[][]> logLikelihoods,
    ImmutableMap<String, float[][]> outputs) {
  private static final String OUTPUTS = "expected.npz";

  /** Reads what is beside a model, if it is there. */
  static Optional<Expectation> read(Path directory) throws IOException {
    Path file = directory.resolve("expected.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    ImmutableList<ImmutableList<Integer>> masks =
        list(json.path("masks"), mask -> list(mask, JsonNode::asInt));
    return Optional.of(
        new Expectation(
            masks,
            list(json.path("prompts"), JsonNode::asText),
            list(json.path("cont"), JsonNode::asText),
            list(json.path("ids"), Expectation::longs),
            logLikelihoods(masks, json.path("loglik")),
            NumpyArchive.read(directory.resolve(OUTPUTS))));
  }

  private static <T> ImmutableList<T> list(JsonNode array, Function<JsonNode, T> element) {
    ImmutableList.Builder<T> list = ImmutableList.builder();
    array.forEach(node -> list.add(element.apply(node)));
    return list.build();
  }

  private static ImmutableLongArray longs(JsonNode array) {
    return ImmutableLongArray.copyOf(list(array, JsonNode::asLong));
  }

  private static ImmutableMap<Integer, double[][]> logLikelihoods(
      List<ImmutableList<Integer>> masks, JsonNode byMask) {
    ImmutableMap.Builder<Integer, double[][]> all = ImmutableMap.builder();
    for (int mask = 0; mask < masks.size(); mask++) {
      JsonNode expected =
          byMask.path(
              masks.get(mask).stream().map(String::valueOf).collect(Collectors.joining(",")));
      if (!expected.isMissingNode()) {
        all.put(mask, list(expected, Expectation::doubles).toArray(double[][]::new));
      }
    }
    return all.buildOrThrow();
  }

  private static double[] doubles(JsonNode array) {
    return list(array, JsonNode::asDouble).stream().mapToDouble(value -> value).toArray();
  }

  /**
   * Returns the output expected of a prompt under a mask.
   *
   * @throws DataFormatException if there is none
   */
  float[][] output(int mask, int prompt) throws DataFormatException {
    float[][] output = outputs.get(mask + "_" + prompt);
    if (output == null) {
      throw new DataFormatException(
          Path.of(OUTPUTS), "has no entry " + mask + "_" + prompt + ", but " + outputs.keySet());
    }
    return output;
  }

  /** Returns the largest absolute element of all outputs, at least 1. */
  double range() {
    double range = 1;
    for (float[][] output : outputs.values()) {
      for (float[] row : output) {
        for (float value : row) {
          range = Math.max(range, Math.abs(value));
        }
      }
    }
    return range;
  }
}
