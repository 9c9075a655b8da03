package dev.tale.onnx.checkpoint;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableList;
import dev.tale.onnx.graph.Nodes;
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
public record StoredTensor(
    String name, String type, ImmutableList<Long> shape, Path file, long offset, long length) {

  /** The weight as external data of a graph in the file's directory. */
  TensorProto external(ElementType element) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(element.onnx())
        .addAllDims(shape)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(Nodes.entry("location", file.getFileName().toString()))
        .addExternalData(Nodes.entry("offset", String.valueOf(offset)))
        .addExternalData(Nodes.entry("length", String.valueOf(length)))
        .build();
  }
}
