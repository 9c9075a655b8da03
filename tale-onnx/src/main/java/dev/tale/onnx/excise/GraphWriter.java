package dev.tale.onnx.excise;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableMap;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.tale.onnx.graph.ExternalRange;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Writes a graph, and into it the bytes of the weights that were left in the original's own file.
 * They go from file to file and never come into the heap; the result is the message that protobuf
 * would write of the whole, its weights last.
 */
final class GraphWriter {
  private static final int GRAPH = ModelProto.GRAPH_FIELD_NUMBER;
  private static final int INITIALIZER = GraphProto.INITIALIZER_FIELD_NUMBER;
  private static final int RAW_DATA = TensorProto.RAW_DATA_FIELD_NUMBER;

  private final FileChannel file;
  private final OutputStream buffered;
  private final CodedOutputStream output;
  private final Map<String, ExternalRange> inline;

  private GraphWriter(FileChannel file, Map<String, ExternalRange> inline) {
    this.file = file;
    this.inline = inline;
    buffered = new BufferedOutputStream(Channels.newOutputStream(file));
    output = CodedOutputStream.newInstance(buffered);
  }

  /**
   * Creates the file.
   *
   * @param inline places of the weights that are inline, by their names in the model
   * @throws IOException if the target exists, or a file cannot be read or written
   */
  static void write(ModelProto model, Map<String, ExternalRange> inline, Path target)
      throws IOException {
    try (FileChannel file =
        FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      GraphWriter writer = new GraphWriter(file, ImmutableMap.copyOf(inline));
      writer.write(model);
      writer.flush();
    }
  }

  private void write(ModelProto model) throws IOException {
    model.toBuilder().clearGraph().build().writeTo(output);
    GraphProto rest = model.getGraph().toBuilder().clearInitializer().build();
    long size = rest.getSerializedSize();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      size += CodedOutputStream.computeTagSize(INITIALIZER) + withLength(size(tensor));
    }
    begin(GRAPH, size);
    rest.writeTo(output);
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      write(tensor);
    }
  }

  private void write(TensorProto tensor) throws IOException {
    begin(INITIALIZER, size(tensor));
    TensorProto stored = stored(tensor);
    stored.writeTo(output);
    ExternalRange range = inline.get(tensor.getName());
    if (range != null) {
      begin(RAW_DATA, range.length());
      flush();
      range.copyTo(file);
    }
  }

  private long size(TensorProto tensor) {
    ExternalRange range = inline.get(tensor.getName());
    long bytes =
        range == null ? 0 : CodedOutputStream.computeTagSize(RAW_DATA) + withLength(range.length());
    return stored(tensor).getSerializedSize() + bytes;
  }

  /** The tensor but for the bytes that are copied. */
  private TensorProto stored(TensorProto tensor) {
    return inline.containsKey(tensor.getName())
        ? tensor.toBuilder().clearExternalData().clearDataLocation().build()
        : tensor;
  }

  private static long withLength(long size) {
    return CodedOutputStream.computeUInt64SizeNoTag(size) + size;
  }

  private void begin(int field, long size) throws IOException {
    output.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    output.writeUInt64NoTag(size);
  }

  private void flush() throws IOException {
    output.flush();
    buffered.flush();
  }
}
