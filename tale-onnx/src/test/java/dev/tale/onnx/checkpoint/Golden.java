package dev.tale.onnx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.onnx.session.GatedSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Logits of transformers after the last two tokens of some prompts, with layers deleted. */
public final class Golden {
  private static final int LAYERS = 3;

  /** Logits are up to 20; the comparison holds for 16 bits too, computed in float32. */
  private static final double TOLERANCE = 1e-4;

  private final JsonNode root;

  private Golden(JsonNode root) {
    this.root = root;
  }

  public static Golden read(Path file) throws IOException {
    return new Golden(new ObjectMapper().readTree(file.toFile()));
  }

  public JsonNode root() {
    return root;
  }

  /** Masks, each with its logits. */
  public List<LayerMask> masks() {
    return IntStream.range(0, root.get("masks").size()).mapToObj(this::mask).toList();
  }

  private LayerMask mask(int number) {
    JsonNode removed = root.get("masks").get(number).get("removed");
    return LayerMask.of(
        LAYERS, IntStream.range(0, removed.size()).map(i -> removed.get(i).asInt()).toArray());
  }

  /**
   * Compares a session's logits.
   *
   * @param number of the mask that the expected logits are of
   * @param mask under which the session is run
   */
  public void require(GatedSession session, int number, LayerMask mask) {
    JsonNode expected = root.get("masks").get(number).get("logits");
    for (int prompt = 0; prompt < root.get("prompts").size(); prompt++) {
      ImmutableLongArray.Builder tokens = ImmutableLongArray.builder();
      root.get("prompts").get(prompt).forEach(token -> tokens.add(token.asLong()));
      int length = root.get("prompts").get(prompt).size();
      List<float[]> logits = session.output(tokens.build(), List.of(length - 2, length - 1), mask);
      for (int position = 0; position < 2; position++) {
        JsonNode row = expected.get(prompt).get(position);
        for (int token = 0; token < row.size(); token++) {
          assertThat((double) logits.get(position)[token])
              .as("%s, prompt %d, token %d", mask, prompt, token)
              .isCloseTo(row.get(token).asDouble(), within(TOLERANCE));
        }
      }
    }
  }
}
