package dev.tale.bench.cases;

/**
 * The largest differences of one model, and whether they are small enough.
 *
 * <p>A file in float32 gives PyTorch's numbers to 1e-3. One with weights or activations of a
 * shorter type does not, whoever runs it: how far ONNX Runtime on the original file is from PyTorch
 * is what Tale's answers and exports may be off too, twice over (a log-likelihood has two logits in
 * each term: four times). Of such a file, answers must agree with the export instead, which ONNX
 * Runtime runs without Tale: to 5e-2 of the largest output for what is quantized, to 2e-2 for
 * float16, as exports are verified.
 */
final class Differences {
  static final double EXACT = 1e-3;

  private boolean sameTokens = true;
  private double original;
  private double answers;
  private double exports;
  private double agreement;

  void tokens(boolean same) {
    sameTokens &= same;
  }

  /** Compares the original file, run without Tale, with PyTorch. */
  void original(float[][] found, float[][] expected) {
    original = Math.max(original, LogitFigures.difference(found, expected));
  }

  /** Compares an answer with PyTorch's. */
  void answer(double found, double expected) {
    answers = Math.max(answers, Math.abs(found - expected));
  }

  /** Compares an export, run without Tale, with PyTorch without the layers. */
  void export(float[][] found, float[][] expected) {
    exports = Math.max(exports, LogitFigures.difference(found, expected));
  }

  /** Compares an answer with that of the export, run without Tale. */
  void agreement(double found, double exported) {
    agreement = Math.max(agreement, Math.abs(found - exported));
  }

  boolean isSameTokens() {
    return sameTokens;
  }

  double original() {
    return original;
  }

  double answers() {
    return answers;
  }

  double exports() {
    return exports;
  }

  double agreement() {
    return agreement;
  }

  /** Returns whether ONNX Runtime gives PyTorch's numbers on the original file. */
  boolean isExact() {
    return original <= EXACT;
  }

  double answersLimit() {
    return isExact() ? EXACT : 4 * original;
  }

  double exportsLimit() {
    return isExact() ? EXACT : 2 * original;
  }

  /**
   * Returns whether nothing is off by more than it may; not so if a difference is not a number.
   *
   * @param agreementLimit how far answers of an inexact file may be from those of its export
   */
  boolean areSmall(double agreementLimit) {
    return sameTokens
        && answers <= answersLimit()
        && exports <= exportsLimit()
        && agreement <= (isExact() ? EXACT : agreementLimit);
  }
}
