package dev.tale.onnx.session.walk;

import java.util.Arrays;

/** How an encoder's hidden states become the one vector that stands for a text. */
public enum Pooling {
  /** The mean over the text's tokens, special tokens included, padding not. */
  MEAN {
    @Override
    float[] pool(float[] hidden, int first, int tokens, int width) {
      float[] mean = new float[width];
      for (int column = 0; column < width; column++) {
        double sum = 0;
        for (int token = 0; token < tokens; token++) {
          sum += hidden[first + token * width + column];
        }
        mean[column] = (float) (sum / tokens);
      }
      return mean;
    }
  },

  /** The state of the first token, which the tokenizer puts there for this. */
  CLS {
    @Override
    float[] pool(float[] hidden, int first, int tokens, int width) {
      return Arrays.copyOfRange(hidden, first, first + width);
    }
  };

  /**
   * Returns the vector of one sequence.
   *
   * @param hidden hidden states of a batch
   * @param first where those of the sequence begin, token after token
   * @param tokens number of tokens of the sequence, at least 1
   * @param width elements of one state
   */
  abstract float[] pool(float[] hidden, int first, int tokens, int width);
}
