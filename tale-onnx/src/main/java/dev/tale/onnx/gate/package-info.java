/**
 * The graph with every layer behind a gate: an ONNX {@code If} whose condition is fed per run.
 *
 * <p>{@link dev.tale.onnx.gate.GatedGraph} is the graph and documents its inputs and outputs.
 * Branches hold the nodes of a layer and copies of small constants; weights stay in the main graph,
 * where they are loaded once.
 */
package dev.tale.onnx.gate;
