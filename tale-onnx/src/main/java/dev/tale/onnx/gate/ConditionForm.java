package dev.tale.onnx.gate;

/** How a gate's condition is fed to a {@link GatedGraph}. */
public enum ConditionForm {

  /** A gate is a bool scalar, shape {@code []}, and is the condition itself. For the CPU. */
  BOOL,

  /**
   * A gate is a 1-D bool tensor whose length, 0 or 1, is the condition; its content is ignored. For
   * CUDA: there a condition that is a bare graph input lets the runtime move a whole layer to the
   * CPU, and so does a shape-derived value that crosses into a branch. In this form the condition
   * is computed from the gate's size, and every branch computes the shapes it needs for itself.
   */
  LENGTH
}
