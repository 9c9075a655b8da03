package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.common.collect.ImmutableMap;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.file.Files;

/**
 * A graph's file, from bytes to protobuf, within limits.
 *
 * @param proto the model; a weight that is left in the file is external, without a place
 * @param inline where in the file the weights lie that are left there, by name
 */
record ModelFile(ModelProto proto, ImmutableMap<String, ExternalRange> inline) {
  /** Files of at most so many bytes come into the heap whole. */
  static final long SMALL = 32L << 20;

  /** A protobuf message cannot be larger; weights beyond that are external. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  /** Each nested subgraph takes three levels; exporters nest one or two. */
  private static final int MAX_DEPTH = 64;

  /**
   * Reads a file.
   *
   * @param small largest number of bytes that come into the heap whole; of longer files the graph
   * @throws dev.tale.model.ModelFormatException if it is missing, truncated or malformed
   * @throws IOException if it cannot be read
   */
  static ModelFile read(Source source, long small) throws IOException {
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
    try {
      return size > small ? InlineWeights.read(source) : whole(source);
    } catch (InvalidProtocolBufferException e) {
      throw source.malformed(
          "is truncated or not an ONNX file (" + size + " bytes): " + e.getMessage(), e);
    }
  }

  private static ModelFile whole(Source source) throws IOException {
    byte[] bytes = Files.readAllBytes(source.file());
    return new ModelFile(
        parse(UnsafeByteOperations.unsafeWrap(bytes).newCodedInput()), ImmutableMap.of());
  }

  /** Weights stored in the graph become views of the bytes, not copies. */
  static ModelProto parse(CodedInputStream input) throws IOException {
    input.enableAliasing(true);
    input.setRecursionLimit(MAX_DEPTH);
    return ModelProto.parseFrom(input);
  }
}
