package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.file.Files;

/** From bytes to protobuf, within limits. */
final class ModelFile {
  /** A protobuf message cannot be larger; weights beyond that are external. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  /** Each nested subgraph takes three levels; exporters nest one or two. */
  private static final int MAX_DEPTH = 64;

  private ModelFile() {}

  static ModelProto parse(Source source) throws IOException {
    if (!Files.isRegularFile(source.file())) {
      throw source.malformed("does not exist or is not a regular file");
    }
    long size = Files.size(source.file());
    if (size == 0 || size > MAX_BYTES) {
      throw source.malformed(
          "has " + size + " bytes; an ONNX graph has 1 to " + MAX_BYTES + ", its weights apart");
    }
    if (GitLfs.isPointer(source.file())) {
      throw source.malformed("is " + GitLfs.pointer(size));
    }
    return parse(source, Files.readAllBytes(source.file()));
  }

  /** Weights stored in the graph become views of {@code bytes}, not copies. */
  private static ModelProto parse(Source source, byte[] bytes) throws IOException {
    CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
    input.enableAliasing(true);
    input.setRecursionLimit(MAX_DEPTH);
    try {
      return ModelProto.parseFrom(input);
    } catch (InvalidProtocolBufferException e) {
      throw source.malformed(
          "is truncated or not an ONNX file (" + bytes.length + " bytes): " + e.getMessage(), e);
    }
  }
}
