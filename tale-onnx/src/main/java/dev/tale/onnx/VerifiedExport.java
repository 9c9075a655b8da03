package dev.tale.onnx;

import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.model.ModelExporter.Export;
import dev.tale.model.ModelInfo;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Request;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.session.OutputComparison;
import dev.tale.onnx.session.runtime.PlainSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a model beside its target, loads it in an ordinary session, compares it with the gated one
 * and only then moves it into place.
 *
 * <p>Implementation note: both compute the same products in the same order; they may differ where
 * the runtime fuses operators in one and not in the other. A difference is measured against the
 * largest logit, or element of an encoder's last hidden state, at least 1; the tolerance is 1e-4
 * for float, and some forty roundings of a number for the shorter types: 2e-2 for float16, 2e-1 for
 * bfloat16. Where activations are quantized, a last bit decides on which step they fall: 5e-2. A
 * wrong layer is off by far more.
 *
 * @param original the model that is written in part
 * @param answers the original's, on its open session
 * @param form in which it is written
 * @param patches maps in the place of spans of the removed layers; with any, an ONNX model is
 *     written
 */
record VerifiedExport(
    OnnxDescription original, Answers answers, ExportForm form, List<LinearPatch> patches) {

  Export write(
      LayerMask mask, Path target, Map<String, String> metadata, List<Request> verification)
      throws IOException {
    if (verification.isEmpty()) {
      throw new IllegalArgumentException(
          "There are 0 verification requests; give at least 1, of the kind the model is for");
    }
    original.check(verification);
    ModelDirectory directory = original.directory();
    try (Staged staged = staged(mask, target, metadata)) {
      OutputComparison comparison = compare(graph(staged), mask, verification);
      directory.graph().requireUntouchedWeights();
      check(comparison, mask);
      long bytes = staged.bytes();
      return new Export(
          staged.commit(), mask, comparison.maxAbsDifference(), comparison.prompts(), bytes);
    }
  }

  private Staged staged(LayerMask mask, Path target, Map<String, String> metadata)
      throws IOException {
    return form == ExportForm.AS_OPENED && patches.isEmpty()
        ? original.directory().write(mask, target, metadata)
        : original.directory().excise(mask, patches, target, metadata);
  }

  static Path graph(Staged staged) {
    List<Path> files = staged.modelFiles();
    return files.get(files.size() - 1);
  }

  private OutputComparison compare(Path graph, LayerMask mask, List<Request> verification) {
    ModelDirectory directory = original.directory();
    String output = directory.stream().result();
    try (PlainSession written =
        PlainSession.open(graph, output, original.device(), directory.cacheFormats())) {
      return answers.compare(verification, mask, patches, written);
    }
  }

  private void check(OutputComparison comparison, LayerMask mask) {
    double relative = tolerance(original.directory().stream());
    ModelInfo info = original.info();
    if (!comparison.isWithin(relative)) {
      throw new ModelOutputException(
          info.name()
              + " written without layers "
              + info.removedNames(mask)
              + " does not agree with the original under the same mask: largest difference "
              + comparison.maxAbsDifference()
              + " over "
              + comparison.prompts()
              + " prompts, tolerance "
              + comparison.tolerance(relative)
              + "; nothing was written; please report this with the model");
    }
  }

  /** Returns how far two ways to run a model may be from each other, of the largest element. */
  static double tolerance(ResidualStream stream) {
    double ofType =
        switch (stream.shortestType()) {
          case FLOAT -> 1e-4;
          case FLOAT16 -> 2e-2;
          case BFLOAT16 -> 2e-1;
        };
    return stream.quantizesActivations() ? Math.max(ofType, 5e-2) : ofType;
  }
}
