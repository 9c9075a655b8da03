package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * Writes a model into one file, its external weights inline: a mark each, then a hole in the file.
 */
final class SparseModel {
  private final RandomAccessFile file;

  SparseModel(RandomAccessFile file) {
    this.file = file;
  }

  void write(ModelProto model) throws IOException {
    file.write(model.toBuilder().clearGraph().build().toByteArray());
    byte[] rest = model.getGraph().toBuilder().clearInitializer().build().toByteArray();
    long size = rest.length;
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      size += header(tensor).length + length(tensor);
    }
    file.write(field(ModelProto.GRAPH_FIELD_NUMBER, size));
    file.write(rest);
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      file.write(header(tensor));
      long begin = file.getFilePointer();
      file.setLength(begin + length(tensor));
      file.writeInt(BigLlama.mark(tensor.getName()));
      file.seek(begin + length(tensor));
    }
  }

  /** The weight up to its bytes. */
  private static byte[] header(TensorProto tensor) throws IOException {
    byte[] stored =
        tensor.toBuilder().clearExternalData().clearDataLocation().build().toByteArray();
    byte[] raw = field(TensorProto.RAW_DATA_FIELD_NUMBER, length(tensor));
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes(
        field(GraphProto.INITIALIZER_FIELD_NUMBER, stored.length + raw.length + length(tensor)));
    header.writeBytes(stored);
    header.writeBytes(raw);
    return header.toByteArray();
  }

  private static long length(TensorProto tensor) {
    return TensorSize.bytes(tensor).orElseThrow();
  }

  private static byte[] field(int number, long length) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream output = CodedOutputStream.newInstance(bytes);
    output.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    output.writeUInt64NoTag(length);
    output.flush();
    return bytes.toByteArray();
  }
}
