package dev.tale.onnx.nano;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.io.ByteStreams;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.onnx.session.batch.TokenRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What PyTorch computes of some rows: hidden states at the last token of the prompt, and with
 * factors on what layers or their parts add.
 *
 * @param json all but the states
 * @param states [mask, row, boundary between parts, width]
 * @param masks whole layers that are removed
 * @param rows prompts with a continuation each
 * @param width of the hidden states
 */
record ExpectedGates(
    JsonNode json,
    FloatBuffer states,
    List<LayerMask> masks,
    List<TokenRequest.Score> rows,
    int width) {

  static ExpectedGates read(int layers) throws IOException {
    JsonNode json = ExpectedLogits.json("gates.json");
    List<LayerMask> masks = new ArrayList<>();
    json.at("/masks").forEach(mask -> masks.add(LayerMask.of(layers, ExpectedLogits.ints(mask))));
    List<TokenRequest.Score> rows = new ArrayList<>();
    json.at("/rows").forEach(row -> rows.add(row(row)));
    return new ExpectedGates(json, floats(), masks, rows, json.at("/shape/3").asInt());
  }

  private static TokenRequest.Score row(JsonNode row) {
    ImmutableLongArray prompt = ExpectedLogits.longs(row.at("/token_ids"));
    ImmutableLongArray continuation = ExpectedLogits.longs(row.at("/continuation_ids"));
    return new TokenRequest.Score(
        ImmutableLongArray.builder().addAll(prompt).addAll(continuation).build(), prompt.length());
  }

  private static FloatBuffer floats() throws IOException {
    try (InputStream stream = NanoLlama.expected("gates.bin")) {
      byte[] bytes = ByteStreams.toByteArray(stream);
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
  }

  /** Returns a row's state under a mask; boundaries are those between parts of layers. */
  float[] state(int mask, int row, int boundary) {
    int boundaries = json.at("/shape/2").asInt();
    float[] state = new float[width];
    states.get(((mask * rows.size() + row) * boundaries + boundary) * width, state);
    return state;
  }

  /** Returns the step of the central differences. */
  double step() {
    return json.at("/step").asDouble();
  }

  /** Returns the derivatives of the mean negative log-likelihood by each factor, at 1. */
  double[] gradient(Granularity granularity) {
    return doubles(json.at("/" + granularity + "/gradient"));
  }

  /** Returns the central differences of the same. */
  double[] centralDifferences(Granularity granularity) {
    return doubles(json.at("/" + granularity + "/central_differences"));
  }

  /** Returns vectors of random factors. */
  List<ImmutableDoubleArray> vectors(Granularity granularity) {
    List<ImmutableDoubleArray> vectors = new ArrayList<>();
    json.at("/" + granularity + "/vectors")
        .forEach(of -> vectors.add(ImmutableDoubleArray.copyOf(doubles(of.at("/gates")))));
    return vectors;
  }

  /** Returns the rows' log-likelihoods under one of these vectors. */
  double[] logLikelihoods(Granularity granularity, int vector) {
    return doubles(json.at("/" + granularity + "/vectors/" + vector + "/log_likelihoods"));
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
