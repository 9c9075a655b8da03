package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a graph without the bytes of its large weights, and tells where in the file they lie. A
 * walk over protobuf's wire format, down the fields {@code graph}, {@code initializer}, {@code
 * raw_data}: all others are copied, raw data is skipped, so the heap holds the graph alone.
 */
final class InlineWeights {
  private static final int GRAPH = ModelProto.GRAPH_FIELD_NUMBER;
  private static final int INITIALIZER = GraphProto.INITIALIZER_FIELD_NUMBER;
  private static final int RAW_DATA = TensorProto.RAW_DATA_FIELD_NUMBER;

  /** Less is not worth a range of its own. */
  private static final int LARGE = 1 << 16;

  private final Source source;
  private final Path file;
  private final long size;
  private final CodedInputStream input;
  private final Map<String, ExternalRange> ranges = new LinkedHashMap<>();

  private InlineWeights(Source source, Path file, long size, CodedInputStream input) {
    this.source = source;
    this.file = file;
    this.size = size;
    this.input = input;
  }

  /**
   * Reads the file.
   *
   * @throws InvalidProtocolBufferException if it is cut off, or no protobuf message
   * @throws IOException if it cannot be read
   */
  static ModelFile read(Source source) throws IOException {
    Path file = source.file().toRealPath();
    try (InputStream stream = Files.newInputStream(file)) {
      CodedInputStream input = CodedInputStream.newInstance(stream);
      InlineWeights weights = new InlineWeights(source, file, Files.size(file), input);
      ByteString model = weights.message(GRAPH, weights::graph);
      return new ModelFile(
          ModelFile.parse(model.newCodedInput()), ImmutableMap.copyOf(weights.ranges));
    }
  }

  private ByteString graph() throws IOException {
    return message(INITIALIZER, this::tensor);
  }

  private ByteString tensor() throws IOException {
    Skipped skipped = new Skipped();
    ByteString bytes = message(RAW_DATA, () -> rawData(skipped));
    if (skipped.length == 0) {
      return bytes;
    }
    TensorProto.Builder tensor = TensorProto.parseFrom(bytes).toBuilder();
    if (tensor.getExternalDataCount() > 0
        || tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      throw GraphChecks.twoPlaces(source, tensor.getName());
    }
    ExternalRange range = ExternalRange.inline(file, skipped.offset, skipped.length);
    if (ranges.put(tensor.getName(), range) != null) {
      throw source.malformed("the name of the weight " + tensor.getName() + " is defined twice");
    }
    return tensor
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .build()
        .toByteString();
  }

  /** The bytes, unless they are many: then nothing, and their place. */
  private ByteString rawData(Skipped skipped) throws IOException {
    int length = input.getBytesUntilLimit();
    skipped.length = 0;
    if (length < LARGE) {
      return ByteString.copyFrom(input.readRawBytes(length));
    }
    skipped.offset = input.getTotalBytesRead();
    skipped.length = length;
    input.skipRawBytes(length);
    return ByteString.EMPTY;
  }

  /** Copies a message's fields; those of the number given become {@code rewritten}. */
  private ByteString message(int number, Rewriting rewritten) throws IOException {
    int inner = WireFormat.WIRETYPE_LENGTH_DELIMITED | (number << 3);
    UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (tag == inner) {
        int outer = input.pushLimit(length());
        fields.mergeField(number, Field.newBuilder().addLengthDelimited(rewritten.read()).build());
        input.popLimit(outer);
      } else if (!fields.mergeFieldFrom(tag, input)) {
        throw new InvalidProtocolBufferException("a group ends that did not begin");
      }
    }
    return fields.build().toByteString();
  }

  /** The length of a field, which has to fit into the file: streams are skipped past their end. */
  private int length() throws IOException {
    int length = input.readRawVarint32();
    if (length < 0 || length > size - input.getTotalBytesRead()) {
      throw new InvalidProtocolBufferException(
          "a field at byte %d has %d bytes".formatted(input.getTotalBytesRead(), length));
    }
    return length;
  }

  /** Reads a nested message up to its end, and gives the one that is to take its place. */
  @FunctionalInterface
  private interface Rewriting {
    ByteString read() throws IOException;
  }

  /** The last raw data of a tensor, which is the one that counts. */
  private static final class Skipped {
    private long offset;
    private int length;
  }
}
