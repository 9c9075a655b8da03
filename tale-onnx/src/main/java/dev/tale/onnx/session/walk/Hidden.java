package dev.tale.onnx.session.walk;

import ai.onnxruntime.OnnxTensor;
import java.util.Map;

/** Hidden states at one boundary between layers. Closing twice has no effect. */
public interface Hidden extends AutoCloseable {

  /** Before the embedding: nothing is held. */
  Hidden START = () -> {};

  /** Puts the states where a run takes them from, if there are any. */
  default void feed(Map<String, OnnxTensor> inputs) {}

  @Override
  void close();
}
