/**
 * ONNX graphs as values: read and validated, their layers found by dataflow, gated for the search,
 * and written without some of their layers. Bytes in, bytes out; nothing here runs a model.
 *
 * <p>The way through: {@link dev.tale.onnx.graph.ModelDirectory} finds the files, {@link
 * dev.tale.onnx.graph.OnnxGraph} reads one, {@link dev.tale.onnx.graph.ResidualStream} finds its
 * layers, {@link dev.tale.onnx.graph.GatedGraph} makes every subset of them runnable, {@link
 * dev.tale.onnx.graph.LayerExcision} writes one subset down.
 */
package dev.tale.onnx.graph;
