package dev.tale.onnx.layers;

import com.google.common.collect.ImmutableList;
import dev.tale.model.LayerInfo;
import java.util.BitSet;

/**
 * One layer of a graph.
 *
 * @param info what is known of it
 * @param nodes its nodes by number; not to be modified
 * @param constants nodes that make constants for this layer alone; not to be modified
 * @param pastInputs graph inputs that hold its cache, in the order of the graph
 * @param presentOutputs graph outputs that it makes besides the stream, in the order of the graph
 * @param weights weights that no other layer uses
 */
public record Layer(
    LayerInfo info,
    BitSet nodes,
    BitSet constants,
    ImmutableList<String> pastInputs,
    ImmutableList<String> presentOutputs,
    ImmutableList<String> weights) {}
