package dev.tale.onnx.session;

/** Hidden states of one batch at one boundary between layers. Closing twice has no effect. */
interface Hidden extends AutoCloseable {

  /** Before the embedding: nothing is held. */
  Hidden START = () -> {};

  @Override
  void close();
}
