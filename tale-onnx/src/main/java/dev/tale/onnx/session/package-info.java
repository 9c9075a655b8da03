/**
 * Runs models: the only package that holds ONNX Runtime's sessions and tensors, each with one
 * owner. {@link dev.tale.onnx.session.GatedSession} runs any subset of layers and enters and leaves
 * at any layer, {@link dev.tale.onnx.session.Responder} turns token requests into responses under
 * many masks at once, {@link dev.tale.onnx.session.PlainSession} runs a model as others would.
 */
package dev.tale.onnx.session;
