package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tale.onnx.gate.GatedGraph;

/** Changes how a form of a graph is loaded beyond its configuration: to profile it, in tests. */
@FunctionalInterface
public interface Tuning {
  /** Changes nothing. */
  Tuning NONE = (graph, options) -> {};

  /** Changes the options that a graph is loaded with, after everything else. */
  void apply(GatedGraph graph, SessionOptions options) throws OrtException;
}
