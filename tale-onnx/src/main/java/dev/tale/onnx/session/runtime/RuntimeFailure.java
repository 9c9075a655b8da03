package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.Locale;

/** What ONNX Runtime reports, told apart: out of memory, which a smaller batch mends, or not. */
public final class RuntimeFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** As ONNX Runtime's arena, the C++ library, CUDA, cuBLAS and cuDNN put it. */
  private static final List<String> OUT_OF_MEMORY =
      List.of(
          "failed to allocate memory",
          "bad_alloc",
          "bad allocation",
          "out of memory",
          "alloc_failed",
          "available memory of");

  private final boolean outOfMemory;

  private RuntimeFailure(OrtException cause) {
    super(cause);
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    this.outOfMemory = OUT_OF_MEMORY.stream().anyMatch(message::contains);
  }

  static RuntimeFailure of(OrtException cause) {
    return new RuntimeFailure(cause);
  }

  public boolean outOfMemory() {
    return outOfMemory;
  }
}
