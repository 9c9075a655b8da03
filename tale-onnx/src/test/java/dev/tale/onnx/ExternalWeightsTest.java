package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelExporter;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose weights lie in a file of their own gives the same answers. */
class ExternalWeightsTest {
  private static final String WEIGHTS = "model.onnx_data";
  private static final int LEAST_BYTES = 1024;
  private static final List<LayerMask> MASKS = List.of(LayerMask.none(12), LayerMask.of(12, 2, 8));
  private static final List<Request> REQUESTS =
      List.of(
          new Request.LogLikelihood("not True is", " False"),
          new Request.Generation("True and False is", List.of(), 4));

  @TempDir Path parent;
  private Path directory;
  private List<List<Response>> expected;

  @BeforeEach
  void moveWeights() throws IOException {
    try (OnnxModel model = OnnxModel.open(NanoLlama.directory(), Device.cpu(2))) {
      expected = model.respond(REQUESTS, MASKS);
    }
    directory = NanoLlama.copyTo(Files.createDirectory(parent.resolve("model")));
    Path file = directory.resolve("model.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    try (OutputStream weights = Files.newOutputStream(directory.resolve(WEIGHTS))) {
      long offset = 0;
      for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
        if (tensor.getRawData().size() >= LEAST_BYTES) {
          tensor.getRawData().writeTo(weights);
          offset += move(tensor, offset);
        }
      }
    }
    Files.write(file, model.build().toByteArray());
  }

  private static int move(TensorProto.Builder tensor, long offset) {
    int length = tensor.getRawData().size();
    tensor
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", WEIGHTS))
        .addExternalData(entry("offset", Long.toString(offset)))
        .addExternalData(entry("length", Integer.toString(length)));
    return length;
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  @Test
  void answersAndExportsAreTheSame() throws IOException {
    assertThat(Files.size(directory.resolve("model.onnx"))).isLessThan(1 << 20);
    Path out = parent.resolve("out");
    try (OnnxModel model = OnnxModel.open(directory, Device.cpu(2))) {
      assertThat(model.respond(REQUESTS, MASKS)).isEqualTo(expected);
      ModelExporter.Export export =
          model.exporter().orElseThrow().export(MASKS.get(1), out, Map.of(), REQUESTS);
      assertThat(export.bytes())
          .isEqualTo(Files.size(out.resolve("model.onnx")) + Files.size(out.resolve(WEIGHTS)));
    }
    try (OnnxModel written = OnnxModel.open(out, Device.cpu(2))) {
      assertThat(written.respond(REQUESTS, List.of(LayerMask.none(10))).get(0))
          .isEqualTo(expected.get(1));
    }
  }

  @Test
  void aRelativePathIsAsGood() throws IOException {
    Path relative = Path.of("").toAbsolutePath().relativize(directory.toAbsolutePath());
    try (OnnxModel model = OnnxModel.open(relative, Device.cpu(1))) {
      assertThat(model.info().layerCount()).isEqualTo(12);
    }
  }
}
