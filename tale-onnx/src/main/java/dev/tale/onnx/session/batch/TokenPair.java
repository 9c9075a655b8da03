package dev.tale.onnx.session.batch;

import com.google.common.primitives.ImmutableLongArray;

/**
 * A {@link dev.tale.model.Request.Similarity} in tokens.
 *
 * @param text tokens of one text, special tokens included, at least one
 * @param other tokens of the other text, likewise
 */
public record TokenPair(ImmutableLongArray text, ImmutableLongArray other) {}
