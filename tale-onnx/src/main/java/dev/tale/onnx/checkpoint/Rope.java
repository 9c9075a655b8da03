package dev.tale.onnx.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tale.model.ModelFormatException;
import java.util.Optional;

/**
 * Rotary positions: by how much each pair of components turns from a position to the next.
 *
 * @param theta base of the frequencies
 * @param factor by which all are divided
 * @param bands how long wavelengths are divided and short ones not, as in LLaMA 3.1; or nothing
 */
record Rope(double theta, double factor, Optional<Bands> bands) {

  private static final String DEFAULT = "default";

  /**
   * The rule of LLaMA 3.1: wavelengths of more than {@code original / low} positions are divided by
   * the factor, those of less than {@code original / high} are not, between them it is blended.
   */
  record Bands(double low, double high, double original) {}

  /**
   * Reads {@code rope_parameters}, or {@code rope_theta} and {@code rope_scaling}.
   *
   * @param usualTheta of the family, where none is given
   * @throws dev.tale.model.UnsupportedModelException if the kind of scaling is another
   * @throws ModelFormatException if a number is missing or impossible
   */
  static Rope read(ConfigReader read, double usualTheta) throws ModelFormatException {
    JsonNode config = read.config();
    boolean joined = config.path("rope_parameters").isObject();
    JsonNode scaling = config.path(joined ? "rope_parameters" : "rope_scaling");
    double theta =
        read.positive(scaling, "rope_theta", read.positive(config, "rope_theta", usualTheta));
    String type = type(read, scaling, joined);
    return switch (type) {
      case DEFAULT -> new Rope(theta, 1, Optional.empty());
      case "linear" -> new Rope(theta, needed(read, scaling, "factor"), Optional.empty());
      case "llama3" ->
          new Rope(theta, needed(read, scaling, "factor"), Optional.of(bands(read, scaling)));
      default ->
          throw read.source()
              .unsupported(
                  "has rotary positions scaled by "
                      + type
                      + "; known are default, linear and llama3. "
                      + Architecture.EXPORT);
    };
  }

  /** Transformers reads the older name, if both are there, so they may not differ. */
  private static String type(ConfigReader read, JsonNode scaling, boolean joined)
      throws ModelFormatException {
    if (scaling.isMissingNode() || scaling.isNull()) {
      return DEFAULT;
    }
    JsonNode type = scaling.path("rope_type");
    JsonNode older = scaling.path("type");
    boolean differ = !type.isMissingNode() && !older.isMissingNode() && !type.equals(older);
    JsonNode known = type.isMissingNode() ? older : type;
    if (joined && known.isMissingNode()) {
      return DEFAULT;
    }
    if (!known.isTextual() || differ) {
      throw read.source()
          .malformed(
              "has rotary positions scaled by " + scaling + "; it needs one rope_type, a text");
    }
    return known.textValue();
  }

  private static double needed(ConfigReader read, JsonNode scaling, String name)
      throws ModelFormatException {
    if (!scaling.has(name)) {
      throw read.source()
          .malformed("has rotary positions scaled by " + scaling + "; it needs " + name);
    }
    return read.positive(scaling, name, 1);
  }

  private static Bands bands(ConfigReader read, JsonNode scaling) throws ModelFormatException {
    Bands bands =
        new Bands(
            needed(read, scaling, "low_freq_factor"),
            needed(read, scaling, "high_freq_factor"),
            needed(read, scaling, "original_max_position_embeddings"));
    if (bands.high() <= bands.low()) {
      throw read.source()
          .malformed(
              "high_freq_factor is %s and low_freq_factor %s; the first must be the greater"
                  .formatted(bands.high(), bands.low()));
    }
    return bands;
  }

  /** Radians from a position to the next, for each pair of components of a head of that size. */
  float[] frequencies(int headSize) {
    float[] frequencies = new float[headSize / 2];
    for (int pair = 0; pair < frequencies.length; pair++) {
      float plain = (float) (1 / Math.pow(theta, 2.0 * pair / headSize));
      frequencies[pair] = (float) scaled(plain);
    }
    return frequencies;
  }

  private double scaled(double frequency) {
    if (bands.isEmpty()) {
      return frequency / factor;
    }
    Bands by = bands.get();
    double wavelength = 2 * Math.PI / frequency;
    double smooth = (by.original() / wavelength - by.low()) / (by.high() - by.low());
    double kept = Math.max(0, Math.min(1, smooth));
    return (1 - kept) * frequency / factor + kept * frequency;
  }
}
