/**
 * ONNX Runtime's sessions and tensors, each with one owner that frees it on every path. {@link
 * dev.tale.onnx.session.runtime.Loaded} is a gated graph that is loaded; {@link
 * dev.tale.onnx.session.runtime.PlainSession} is a model as any other client would load it.
 */
package dev.tale.onnx.session.runtime;
