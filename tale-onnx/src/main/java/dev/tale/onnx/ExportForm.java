package dev.tale.onnx;

/** What a pruned model is written as. */
public enum ExportForm {
  /**
   * As the model was opened, so that clients of that form load it: of an ONNX model a graph, of a
   * Hugging Face folder its weights in safetensors, of a GGUF file one such. Masks of parts of
   * layers give an ONNX model whatever was opened, for checkpoints have no layers in part.
   */
  AS_OPENED,

  /** An ONNX model. */
  ONNX
}
