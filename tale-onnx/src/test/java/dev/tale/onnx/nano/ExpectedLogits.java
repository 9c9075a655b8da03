package dev.tale.onnx.nano;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.ByteStreams;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Logits after the last token of each prompt under each mask, as PyTorch computed them.
 *
 * @param masks the first removes nothing
 * @param texts the prompts
 * @param tokens the prompts in tokens
 * @param logits by mask, prompt and token of the vocabulary
 * @param vocabulary number of tokens of the vocabulary
 */
record ExpectedLogits(
    List<LayerMask> masks,
    List<String> texts,
    List<ImmutableLongArray> tokens,
    FloatBuffer logits,
    int vocabulary) {

  static ExpectedLogits read(int layers) throws IOException {
    JsonNode json = json("logits.json");
    List<LayerMask> masks = new ArrayList<>();
    json.at("/masks").forEach(mask -> masks.add(LayerMask.of(layers, ints(mask))));
    List<String> texts = new ArrayList<>();
    List<ImmutableLongArray> tokens = new ArrayList<>();
    for (JsonNode prompt : json.at("/prompts")) {
      texts.add(prompt.at("/text").asText());
      tokens.add(longs(prompt.at("/token_ids")));
    }
    return new ExpectedLogits(
        masks, texts, tokens, floats("logits.bin"), json.at("/shape/2").asInt());
  }

  static JsonNode json(String name) throws IOException {
    try (InputStream stream = NanoLlama.expected(name)) {
      return new ObjectMapper().readTree(stream);
    }
  }

  private static FloatBuffer floats(String name) throws IOException {
    try (InputStream stream = NanoLlama.expected(name)) {
      byte[] bytes = ByteStreams.toByteArray(stream);
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
  }

  static ImmutableLongArray longs(JsonNode array) {
    return ImmutableLongArray.copyOf(
        StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::asLong));
  }

  static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  /** Returns the logits of one prompt under one mask. */
  float[] logits(int mask, int prompt) {
    float[] row = new float[vocabulary];
    logits.get((mask * texts.size() + prompt) * vocabulary, row);
    return row;
  }
}
