package dev.tale.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The embedded test model in one file so large that its weights stay there: beside its own it has
 * one that nothing reads.
 */
final class OneFileNano {
  static final String UNUSED = "unused";
  private static final int UNUSED_BYTES = 33 << 20;

  private OneFileNano() {}

  /** Writes the model into a new directory. */
  static Path in(Path parent) throws IOException {
    Path directory = NanoLlama.copyTo(Files.createDirectory(parent.resolve("model")));
    Path file = directory.resolve("model.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    model
        .getGraphBuilder()
        .addInitializerBuilder()
        .setName(UNUSED)
        .setDataType(TensorProto.DataType.UINT8_VALUE)
        .addDims(UNUSED_BYTES)
        .setRawData(ByteString.copyFrom(new byte[UNUSED_BYTES]));
    Files.write(file, model.build().toByteArray());
    return directory;
  }
}
