package dev.tale.model;

/**
 * One layer of a model, as found in its graph.
 *
 * @param index 0-based position in the original model
 * @param label the name that the model gives the layer, for people; nothing is derived from it
 * @param parameters number of weights used by this layer and by no other
 * @param bytes size of those weights as stored
 */
public record LayerInfo(int index, String label, long parameters, long bytes) {}
