package dev.tale.onnx.checkpoint;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableList;
import dev.tale.onnx.graph.ExternalRange;
import dev.tale.onnx.graph.Relocation;
import java.nio.file.Path;

/**
 * A weight as it lies in a file.
 *
 * @param name in the checkpoint
 * @param type name of the element type, of {@link ElementType} or another
 * @param shape dimensions, the slowest first
 * @param file in which it is
 * @param offset of its first byte in the file
 * @param length number of bytes
 */
record StoredTensor(
    String name, String type, ImmutableList<Long> shape, Path file, long offset, long length) {

  /** The place of its bytes. */
  ExternalRange range() {
    return new ExternalRange(file.getFileName().toString(), file, offset, length);
  }

  /** The weight as external data of a graph in the file's directory. */
  TensorProto external(ElementType element) {
    TensorProto tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(element.onnx())
            .addAllDims(shape)
            .build();
    return Relocation.at(tensor, file.getFileName().toString(), offset, length);
  }
}
