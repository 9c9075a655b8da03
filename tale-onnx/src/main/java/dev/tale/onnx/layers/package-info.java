/**
 * A transformer's layers, found by dataflow alone; names are labels.
 *
 * <p>{@link dev.tale.onnx.layers.ResidualStream} is the result. Layers lie between values that
 * every path from the embedding to the result passes through (dominators), where a sum adds what an
 * attention or a feed-forward part makes of the stream (the residual stream of Elhage et al.,
 * 2021). The graph is first brought into a form in which boundaries lie between nodes; no value
 * changes: norms that are fused with the sum before them are split ({@code FusedNorms}; they are
 * fused again when a model is written), caches declare their head size ({@code CacheWidths}), and
 * shapes are taken from values before their casts ({@code CastShapes}). A graph that does not fit
 * is refused with the node and the reason.
 */
package dev.tale.onnx.layers;
