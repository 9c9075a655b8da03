package dev.tale.onnx.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.TinyGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are in order but not for Tale: refused with node or input, reason and remedy. */
class ModelKindsTest {
  @TempDir private Path directory;

  @Test
  void mergedDecoder() {
    refused(
        decoder().input("use_cache_branch", DataType.BOOL_VALUE, 1),
        "input use_cache_branch",
        "merged decoder",
        "text-generation-with-past");
  }

  @Test
  void wholeGraphsToChooseFrom() {
    GraphProto body = layers("dense", "dense").model().getGraph();
    GraphProto branch = body.toBuilder().setName("branch").clearInput().clearInitializer().build();
    TinyGraphs merged =
        new TinyGraphs()
            .ids()
            .input("cached", DataType.BOOL_VALUE, 1)
            .node(Nodes.branch("cached", branch, branch, List.of("logits")))
            .logits();
    refused(merged, "node branch (If)", "whole graphs", "without merging");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BeamSearch", "GreedySearch", "Sampling", "WhisperBeamSearch"})
  void generationInTheGraph(String op) {
    refused(
        decoder().node(microsoft(op, "sequences", "input_ids")),
        "node sequences (" + op + ")",
        "generates",
        "Use the decoder");
  }

  @Test
  void optimisedEncoder() {
    NodeProto fused = microsoft("EmbedLayerNormalization", "logits", "input_ids");
    refused(
        new TinyGraphs().ids().node(fused).logits(),
        "node logits (EmbedLayerNormalization)",
        "holds the embedding",
        "without graph optimisation");
  }

  @Test
  void pagedAttention() {
    refused(
        decoder().node(microsoft("PagedAttention", "paged", "input_ids")),
        "node paged (PagedAttention)",
        "without paged attention");
    refused(
        decoder().input("block_table", DataType.INT32_VALUE, "batch", "blocks"),
        "input block_table",
        "without paged attention");
  }

  @Test
  void decoderOfAnEncoder() {
    refused(
        decoder().input("encoder_hidden_states", DataType.FLOAT_VALUE, "batch", "sequence", 8),
        "input encoder_hidden_states",
        "encoder-decoder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"encoder_attention_mask", "past_key_values.0.encoder.key", "decoder_input_ids"})
  void partsOfEncoderDecoders(String input) {
    refused(
        decoder()
            .input(input, DataType.INT64_VALUE, "batch", "sequence")
            .input("use_cache_branch", DataType.BOOL_VALUE, 1),
        "input " + input,
        "encoder-decoder",
        "one stack of layers");
  }

  @Test
  void partsOfEncoderDecodersByTheirFiles() throws IOException {
    Files.createFile(directory.resolve("encoder_model.onnx"));
    Files.createFile(directory.resolve("decoder_model_merged.onnx"));
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            directory.toString(),
            "encoder-decoder model in parts",
            "encoder_model.onnx and decoder_model_merged.onnx");
  }

  @Test
  void partsOfDecodersByTheirFiles() throws IOException {
    Files.createFile(directory.resolve("decoder_model.onnx"));
    Files.createFile(directory.resolve("decoder_with_past_model.onnx"));
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            "decoder in parts",
            "decoder_model.onnx, decoder_with_past_model.onnx",
            "task text-generation-with-past");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "decoder_with_past_model.onnx | a part of a decoder, which goes on from a cache",
        "decoder_model_merged.onnx | a part of a decoder, which goes on from a cache",
        "encoder_model.onnx | the encoder of an encoder-decoder model"
      })
  void aPartAlone(String name, String reason) throws IOException {
    Path file = Files.createFile(directory.resolve(name));
    for (Path path : List.of(directory, file)) {
      assertThatThrownBy(() -> ModelDirectory.open(path))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContainingAll(file.toString(), reason);
    }
  }

  /** It reads a prompt: a decoder without a cache. */
  @Test
  void theFirstOfTwoDecodersAlone() throws IOException {
    Files.write(directory.resolve("decoder_model.onnx"), decoder().model().toByteArray());
    Files.writeString(directory.resolve("config.json"), "{\"num_hidden_layers\": 1}");
    assertThat(ModelDirectory.open(directory).stream().layerCount()).isEqualTo(1);
  }

  @Test
  void encoderOfADecoder() throws IOException {
    Files.writeString(
        directory.resolve("config.json"), "{\"model_type\": \"t5\", \"is_encoder_decoder\": true}");
    refused(layers("dense", "dense"), "config.json", "of a t5", "part of an encoder-decoder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"com.example", "ai.onnx.contrib", "com.microsoft.nchwc", "pkg.torch"})
  void foreignOperators(String domain) {
    NodeProto node =
        Nodes.node("Gelu", List.of("x"), "custom").toBuilder().setDomain(domain).build();
    refused(decoder().node(node), "node custom (Gelu)", domain, "without custom operators");
  }

  @Test
  void functions() throws IOException {
    ModelProto model =
        decoder().model().toBuilder()
            .addFunctions(FunctionProto.newBuilder().setName("Rotary").setDomain("x"))
            .build();
    Path file = TinyGraphs.write(model, directory);
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("function Rotary", "functions inlined");
  }

  /** The mixture is in every layer, or in none. */
  @ParameterizedTest
  @CsvSource({"MoE", "QMoE"})
  void mixtureInSomeLayers(String op) throws IOException {
    assertThat(open(layers(op, op)).stream().layerCount()).isEqualTo(2);
    refused(layers("dense", op), "layer 1", "node b.mixed-up (" + op + ")", "all of one kind");
    refused(layers(op, "dense"), "layer 1", "all of one kind");
  }

  @Test
  void moreProductsInSomeLayers() {
    refused(layers("dense", "gated"), "layer 1", "layer 0", "product x 3");
  }

  /** The second layer attends with the keys of the first. */
  @Test
  void sharedKeys() {
    TinyGraphs graph =
        new TinyGraphs()
            .embedding("x")
            .layer("x", "a")
            .matrix("b.query")
            .node("MatMul", "b.q", "a", "b.query")
            .node("MatMul", "b.scores", "b.q", "a.mid.t")
            .node("Softmax", "b.p", "b.scores")
            .node("MatMul", "b.mixed", "b.p", "a")
            .node("Add", "b.mid", "a", "b.mixed")
            .feedForward("b.mid", "b")
            .head("b");
    refused(graph, "layer 0", "a.mid.p (Softmax), b.p (Softmax)", "keys", "share nothing");
  }

  private static TinyGraphs decoder() {
    return new TinyGraphs().embedding("x").layer("x", "a").head("a");
  }

  /** Two layers with these feed-forward parts. */
  private static TinyGraphs layers(String first, String second) {
    TinyGraphs graph = new TinyGraphs().embedding("x").attention("x", "a.mid");
    part(graph, first, "a.mid", "a").attention("a", "b.mid");
    return part(graph, second, "b.mid", "b").head("b");
  }

  private static TinyGraphs part(TinyGraphs graph, String kind, String from, String to) {
    return switch (kind) {
      case "dense" -> graph.feedForward(from, to);
      case "gated" ->
          graph
              .matrix(to + ".v")
              .matrix(to + ".w")
              .node("MatMul", to + ".gate", from, to + ".v")
              .node("MatMul", to + ".up", from, to + ".w")
              .node("Mul", to + ".gated", to + ".gate", to + ".up")
              .node("Add", to, from, to + ".gated");
      default ->
          graph
              .matrix(to + ".router")
              .matrix(to + ".experts")
              .node("MatMul", to + ".routes", from, to + ".router")
              .node(microsoft(kind, to + ".mixed-up", from, to + ".routes", to + ".experts"))
              .node("Add", to, from, to + ".mixed-up");
    };
  }

  private static NodeProto microsoft(String op, String output, String... inputs) {
    return Nodes.node(op, List.of(inputs), output).toBuilder().setDomain("com.microsoft").build();
  }

  private void refused(TinyGraphs graph, String... reasons) {
    assertThatThrownBy(() -> open(graph))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContainingAll(reasons);
  }

  private ModelDirectory open(TinyGraphs graph) throws IOException {
    Files.deleteIfExists(directory.resolve("model.onnx"));
    TinyGraphs.write(graph.model(), directory);
    return ModelDirectory.open(directory);
  }
}
