package dev.tale.onnx.session.decode;

import dev.tale.onnx.session.walk.HeadOutput;

/** Chooses the next token of a draft from the logits at its last position. */
public interface TokenChoice {
  /** The most likely token, the lowest on ties. */
  TokenChoice GREEDY =
      new TokenChoice() {
        @Override
        public boolean readsLogits() {
          return false;
        }

        @Override
        public long next(HeadOutput output, int row) {
          return output.argmax(row);
        }
      };

  /** Whether the logits of the whole vocabulary are needed, or only the most likely token. */
  boolean readsLogits();

  /** The next token of a row of the batch. */
  long next(HeadOutput output, int row);
}
