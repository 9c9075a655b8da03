package dev.tale.task;

import dev.tale.model.Prompt;
import dev.tale.model.Request;
import java.util.List;
import java.util.stream.Stream;

/**
 * When greedy decoding ends, besides the model's end-of-sequence token.
 *
 * @param stops strings that end the generation, none empty; the text from the first one on is
 *     dropped
 * @param maxNewTokens largest number of generated tokens, at least 1
 */
public record Decoding(List<String> stops, int maxNewTokens) {

  /**
   * Copies the stop strings and checks the values.
   *
   * @throws IllegalArgumentException if a stop string is empty or {@code maxNewTokens} is less than
   *     1
   */
  public Decoding {
    stops = List.copyOf(stops);
    if (stops.contains("")) {
      throw new IllegalArgumentException(
          "A stop string of " + stops + " is empty and would stop at once; leave it out");
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens is " + maxNewTokens + "; give at least 1");
    }
  }

  /**
   * Returns decoding until one of the strings, at most 256 tokens.
   *
   * @throws IllegalArgumentException if a stop string is empty
   */
  public static Decoding until(String... stops) {
    return new Decoding(List.of(stops), 256);
  }

  /**
   * Returns this decoding with another limit.
   *
   * @throws IllegalArgumentException if {@code tokens} is less than 1
   */
  public Decoding withMaxNewTokens(int tokens) {
    return new Decoding(stops, tokens);
  }

  /**
   * Returns the request.
   *
   * @param ends strings at which the answer is decided, so that nothing more need be generated
   */
  Request request(Prompt prompt, List<String> ends) {
    List<String> all = Stream.concat(stops.stream(), ends.stream()).distinct().toList();
    return new Request.Generation(prompt, all, maxNewTokens);
  }

  void addTo(ContentHash hash) {
    hash.addAll(stops).add(maxNewTokens);
  }
}
