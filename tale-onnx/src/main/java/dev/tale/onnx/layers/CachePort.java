package dev.tale.onnx.layers;

/**
 * One tensor of a layer's key-value cache, on its way from one run to the next.
 *
 * @param past name of the input: what earlier runs made
 * @param present name of the output: that and the new tokens
 * @param format of both
 */
public record CachePort(String past, String present, CacheFormat format) {}
