package dev.tale.onnx.session.decode;

import com.google.common.primitives.ImmutableLongArray;

/** Text of tokens. */
@FunctionalInterface
public interface TokenText {

  /** Returns the text, without special tokens if so asked. */
  String decode(ImmutableLongArray tokens, boolean skipSpecialTokens);
}
