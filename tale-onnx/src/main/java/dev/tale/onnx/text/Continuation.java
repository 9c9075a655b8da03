package dev.tale.onnx.text;

import com.google.common.primitives.ImmutableLongArray;

/**
 * A prompt and its continuation as tokens.
 *
 * @param tokens tokens of both
 * @param from where the continuation begins, 1 to the number of tokens, exclusive
 */
public record Continuation(ImmutableLongArray tokens, int from) {}
