package dev.tale.onnx.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.common.io.MoreFiles;
import dev.tale.model.Granularity;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bidirectional model with logits is no decoder. */
class TaskHeadsTest {
  private static final String HIDDEN = "last_hidden_state";

  @TempDir Path directory;

  private void copyBert() throws IOException {
    for (Path file : MoreFiles.listFiles(Fixtures.named("bert-torchscript").directory())) {
      Files.copy(file, directory.resolve(file.getFileName().toString()));
    }
  }

  private void rename(String architecture, String other) throws IOException {
    Path config = directory.resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains('"' + architecture + '"');
    Files.writeString(config, text.replace('"' + architecture + '"', '"' + other + '"'));
  }

  private void assertRefused(String architecture, String output) {
    assertThatThrownBy(() -> OnnxModel.open(directory))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            directory.resolve("config.json").toString(),
            architecture,
            "the output " + output + ":",
            "not a decoder",
            "task feature-extraction");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BertForMaskedLM", "XLMRobertaForTokenClassification"})
  void logitsOfEveryTokenAreNotTakenForADecoders(String architecture) throws IOException {
    NanoLlama.copyTo(directory);
    rename("LlamaForCausalLM", architecture);
    assertRefused(architecture, "logits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"logits", "start_logits"})
  void theTaskIsNamedBeforeWhatTheGraphLacks(String output) throws IOException {
    copyBert();
    for (String task : new String[] {"ForQuestionAnswering", "ForSequenceClassification"}) {
      copyOutput(output);
      rename("BertModel", "Bert" + task);
      assertRefused("Bert" + task, output);
      rename("Bert" + task, "BertModel");
    }
  }

  /** Puts the hidden state out under another name. */
  private void copyOutput(String output) throws IOException {
    Path original = Fixtures.named("bert-torchscript").directory().resolve("model.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(original)).toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.addNode(
        NodeProto.newBuilder()
            .setName("out")
            .setOpType("Identity")
            .addInput(HIDDEN)
            .addOutput(output));
    graph.getOutputBuilder(0).setName(output);
    Files.write(directory.resolve("model.onnx"), model.build().toByteArray());
  }

  /** Exporters leave the class of the checkpoint in the settings. */
  @Test
  void anEncoderThatWasTrainedWithAHeadIsOpened() throws IOException {
    copyBert();
    rename("BertModel", "BertForMaskedLM");
    try (OnnxModel model = OnnxModel.builder(directory).granularity(Granularity.SUBLAYER).open()) {
      assertThat(model.info().granularity()).isEqualTo(Granularity.SUBLAYER);
      assertThat(model.info().layerCount()).isEqualTo(8);
      assertThat(model.info().runtime()).endsWith(", CPU");
    }
  }
}
