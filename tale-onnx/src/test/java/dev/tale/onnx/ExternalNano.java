package dev.tale.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The embedded test model with its weights in a file of their own. */
final class ExternalNano {
  static final String WEIGHTS = "model.onnx_data";

  private static final int LEAST_BYTES = 1024;

  private ExternalNano() {}

  /** Writes the model into a new directory. */
  static Path in(Path parent) throws IOException {
    Path directory = NanoLlama.copyTo(Files.createDirectory(parent.resolve("model")));
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
    return directory;
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
}
