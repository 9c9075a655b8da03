import org.jspecify.annotations.NullMarked;

/** Runs and prunes ONNX models: their layers found, gated, executed and removed. */
@NullMarked
module dev.tale.onnx {
  requires transitive dev.tale.core;
  requires static transitive org.jspecify;
  requires ai.djl.tokenizers;
  requires com.fasterxml.jackson.databind;
  requires com.google.common;
  requires com.google.protobuf;
  requires com.microsoft.onnxruntime;
  requires jdk.management;
  requires org.slf4j; // by DJL, which is an automatic module
  requires org.tribuo.util.onnx;

  exports dev.tale.onnx;
}
