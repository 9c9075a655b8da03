package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.tale.Tale;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelFormatException;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.task.Example;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are broken, and uses that a model cannot serve. */
class BadModelTest {
  private static final Request FINE = new Request.LogLikelihood("not True is", " False");
  private static final Request GENERATION = new Request.Generation("not True is", List.of(), 4);

  @TempDir Path directory;

  @BeforeEach
  void copy() {
    NanoLlama.copyTo(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "model.onnx, 0", "model.onnx, 0.5", "model.onnx, 0.9999",
    "tokenizer.json, 0", "tokenizer.json, 0.5", "config.json, 0.5"
  })
  void aTruncatedFileIsMalformed(String name, double kept) throws IOException {
    Path file = directory.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, (int) (bytes.length * kept)));
    assertThatThrownBy(() -> OnnxModel.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("export the model again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "tokenizer.json"})
  void aMissingFileIsMalformed(String name) throws IOException {
    Files.delete(directory.resolve(name));
    assertThatThrownBy(() -> OnnxModel.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(directory.toString());
  }

  @Test
  void aContextLengthThatIsNotKnownNamesTheRemedy() throws IOException {
    Files.delete(directory.resolve("config.json"));
    assertThatThrownBy(() -> OnnxModel.open(directory))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(directory.toString(), "max_position_embeddings", "config.json");
    Files.writeString(directory.resolve("config.json"), "{\"max_position_embeddings\": 0}");
    assertThatThrownBy(() -> OnnxModel.open(directory))
        .isInstanceOf(UnsupportedModelException.class);
  }

  @Test
  void cudaThatIsNotThereIsNamedBeforeAnythingIsRead() {
    assertThatThrownBy(
            () -> OnnxModel.builder(directory.resolve("nowhere")).device(Device.cuda(7)).open())
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("CUDA device 7", "onnxruntime_gpu", "cuDNN", "Device.cpu()");
  }

  @Test
  void aClosedModelSaysSo() throws IOException {
    OnnxModel closed = OnnxModel.builder(directory).device(Device.cpu(1)).open();
    closed.close();
    closed.close();
    List<LayerMask> masks = List.of(LayerMask.none(12));
    assertThat(closed.info().layerCount()).isEqualTo(12);
    assertThatThrownBy(() -> closed.respond(List.of(FINE), masks))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThatThrownBy(() -> closed.check(List.of(FINE))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () ->
                closed
                    .exporter()
                    .orElseThrow()
                    .export(masks.get(0), directory.resolve("x"), Map.of(), List.of(FINE)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aLabelThatNoTokensStandForIsRefused() throws IOException {
    loseLetter("q");
    try (OnnxModel model = OnnxModel.builder(directory).device(Device.cpu(1)).open()) {
      Request lost = new Request.LogLikelihood("not True is", " q");
      assertThatThrownBy(() -> model.check(List.of(FINE, lost)))
          .isInstanceOfSatisfying(
              UnanswerableRequestException.class,
              e -> {
                assertThat(e.position()).isEqualTo(1);
                assertThat(e.reason()).contains("\" q\"");
              });
    }
  }

  /** Renames a letter's token, so that nothing stands for the letter. */
  private void loseLetter(String letter) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Path file = directory.resolve("tokenizer.json");
    ObjectNode json = (ObjectNode) mapper.readTree(file.toFile());
    ObjectNode vocabulary = (ObjectNode) json.at("/model/vocab");
    vocabulary.set("\u4e00\u4e01", vocabulary.remove(letter));
    mapper.writeValue(file.toFile(), json);
  }

  @Test
  void logitsThatAreNotNumbersAreAnAnswer() throws IOException {
    poison("/model/layers.3/mlp/down_proj/MatMul");
    try (OnnxModel model = OnnxModel.builder(directory).device(Device.cpu(1)).open()) {
      List<LayerMask> masks = List.of(LayerMask.none(12), LayerMask.of(12, 3));
      List<List<Response>> answers = model.respond(List.of(FINE, GENERATION), masks);
      Response.LogLikelihood broken = (Response.LogLikelihood) answers.get(0).get(0);
      assertThat(broken.sum()).isNaN();
      assertThat(broken.greedy()).isFalse();
      assertThat(answers.get(0).get(1))
          .isEqualTo(new Response.Generation("", 0, Response.Stop.NOT_A_NUMBER));
      assertThat(((Response.LogLikelihood) answers.get(1).get(0)).sum()).isNegative();
      assertThat(((Response.Generation) answers.get(1).get(1)).stop())
          .isNotEqualTo(Response.Stop.NOT_A_NUMBER);
    }
  }

  /** The remedy is another model, so it is told before anything is searched. */
  @Test
  void aModelThatTheRuntimeDoesNotLoadIsToldAtTheFirstCheck() throws IOException {
    giveUnknownAttribute("/model/layers.3/mlp/down_proj/MatMul");
    int before = Native.open();
    try (OnnxModel model = OnnxModel.builder(directory).device(Device.cpu(1)).open()) {
      assertThat(Native.open()).as("nothing is loaded before it is needed").isEqualTo(before);
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(() -> model.check(List.of(FINE)))
            .isInstanceOf(UnsupportedModelException.class)
            .hasMessageContainingAll("does not load the gated model on CPU", "tale_unknown");
      }
      Task task =
          Task.multipleChoice(
              "one",
              List.of(FINE),
              row -> Example.multipleChoice("not True is", List.of(" False", " True"), 0));
      assertThatThrownBy(() -> Tale.prune(model, task))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("tale_unknown");
    }
    assertThat(Native.open()).isEqualTo(before);
  }

  private void giveUnknownAttribute(String node) throws IOException {
    Path file = directory.resolve("model.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    model.getGraphBuilder().getNodeBuilderList().stream()
        .filter(candidate -> candidate.getName().equals(node))
        .findFirst()
        .orElseThrow()
        .addAttributeBuilder()
        .setName("tale_unknown")
        .setType(AttributeProto.AttributeType.INT)
        .setI(1);
    Files.write(file, model.build().toByteArray());
  }

  /** Puts a NaN into the weight of a node. */
  private void poison(String node) throws IOException {
    Path file = directory.resolve("model.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder();
    String weight =
        graph.getNodeList().stream()
            .filter(candidate -> candidate.getName().equals(node))
            .map(found -> found.getInput(1))
            .findFirst()
            .orElseThrow();
    TensorProto.Builder tensor =
        graph.getInitializerBuilderList().stream()
            .filter(initializer -> initializer.getName().equals(weight))
            .findFirst()
            .orElseThrow();
    ByteBuffer values = ByteBuffer.wrap(tensor.getRawData().toByteArray());
    values.order(ByteOrder.LITTLE_ENDIAN).putFloat(0, Float.NaN);
    tensor.setRawData(ByteString.copyFrom(values));
    Files.write(file, model.build().toByteArray());
  }

  @Test
  void theHashIsOfEverythingThatAnswersDependOn() throws IOException {
    String original = hash();
    assertThat(hash()).isEqualTo(original);
    Path tokenizer = directory.resolve("tokenizer.json");
    Files.writeString(tokenizer, Files.readString(tokenizer) + "\n");
    String otherTokenizer = hash();
    Path config = directory.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("256", "255"));
    String otherContext = hash();
    poison("/model/layers.3/mlp/down_proj/MatMul");
    assertThat(List.of(original, otherTokenizer, otherContext, hash())).doesNotHaveDuplicates();
  }

  private String hash() throws IOException {
    try (OnnxModel model = OnnxModel.builder(directory).device(Device.cpu(1)).open()) {
      return model.info().contentHash();
    }
  }
}
