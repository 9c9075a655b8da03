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

  /**
   * The rule of LLaMA 3.1: wavelengths of more than {@code original / low} positions are divided by
   * the factor, those of less than {@code original / high} are not, between them it is blended.
   */
  record Bands(double low, double high, double original) {}

  /**
   * Reads {@code rope_parameters}, or {@code rope_theta} and {@code rope_scaling}.
   *
   * @throws dev.tale.model.UnsupportedModelException if the kind of scaling is another
   * @throws ModelFormatException if a number is missing or impossible
   */
  static Rope read(ConfigReader read) throws ModelFormatException {
    JsonNode config = read.config();
    JsonNode scaling = config.path("rope_parameters");
    scaling = scaling.isObject() ? scaling : config.path("rope_scaling");
    double theta =
        read.positive(scaling, "rope_theta", read.positive(config, "rope_theta", 10_000));
    String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
    double factor = read.positive(scaling, "factor", 1);
    return switch (type) {
      case "default" -> new Rope(theta, 1, Optional.empty());
      case "linear" -> new Rope(theta, factor, Optional.empty());
      case "llama3" -> new Rope(theta, factor, Optional.of(bands(read, scaling)));
      default ->
          throw read.source()
              .unsupported(
                  "has rotary positions scaled by "
                      + type
                      + "; known are default, linear and llama3. "
                      + Architecture.EXPORT);
    };
  }

  private static Bands bands(ConfigReader read, JsonNode scaling) throws ModelFormatException {
    Bands bands =
        new Bands(
            read.positive(scaling, "low_freq_factor", 1),
            read.positive(scaling, "high_freq_factor", 4),
            read.positive(scaling, "original_max_position_embeddings", 8192));
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
