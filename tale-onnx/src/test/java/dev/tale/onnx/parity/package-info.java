/** Tale beside lm-evaluation-harness: the same rows asked of the same tiny model, and compared. */
package dev.tale.onnx.parity;
