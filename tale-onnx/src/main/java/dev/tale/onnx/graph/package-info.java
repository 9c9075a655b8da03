/**
 * An ONNX model as a value: read, checked, and ready to be rewritten. {@link
 * dev.tale.onnx.graph.OnnxGraph} is the model; {@link dev.tale.onnx.graph.ExternalRange} says where
 * the bytes of its weights are, within the rules of ONNX for external data (ONNX IR, External Data)
 * and those of ONNX Runtime; {@link dev.tale.onnx.graph.Dataflow} who makes and who reads each
 * value. Bytes in, bytes out: nothing here runs a model, and nothing is known of transformers.
 *
 * <p>The rooms that build on it, each on those before: {@code layers} finds a transformer's layers,
 * {@code gate} makes every subset of them runnable, {@code excise} writes one subset down, {@code
 * folder} does so with the files around the graph.
 */
package dev.tale.onnx.graph;
