package dev.tale.onnx.session.batch;

import com.google.common.primitives.ImmutableLongArray;

/**
 * What is wanted after one position of a sequence.
 *
 * @param position 0-based, in the sequence
 * @param candidates next tokens whose log-probabilities are wanted, at least one
 */
public record Probe(int position, ImmutableLongArray candidates) {}
