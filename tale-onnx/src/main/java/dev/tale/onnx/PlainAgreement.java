package dev.tale.onnx;

import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import dev.tale.model.Request;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.session.OutputComparison;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the gated model, nothing skipped, computes what clients of its file get: asked before
 * anything is searched, for a search of other numbers than clients will see is in vain.
 *
 * <p>Implementation note. ONNX Runtime rewrites graphs as it loads them, and rewrites only what
 * lies in one graph: products with quantized weights become products of integers, casts to 16 bits
 * and back are left out. Gates put walls into the graph; {@link dev.tale.onnx.gate.GatedGraph} puts
 * what belongs together on one side of them, and here it is measured whether that was enough for
 * this model and this runtime. Models that are all float32 differ in last bits only and are not
 * loaded twice; nor is a model that there is no memory for.
 */
final class PlainAgreement {
  /** Each is a run of both models; a rewritten operator shows in the first. */
  private static final int REQUESTS = 2;

  private final ModelDirectory directory;
  private final ModelInfo info;
  private final SessionConfig device;
  private final Answers answers;
  private Optional<OutputComparison> measured = Optional.empty();

  PlainAgreement(ModelDirectory directory, ModelInfo info, SessionConfig device, Answers answers) {
    this.directory = directory;
    this.info = info;
    this.device = device;
    this.answers = answers;
  }

  /**
   * Returns whether there are first requests to compare both on. A graph that has changed on disk
   * since it was read is another model.
   */
  boolean isWanted(List<Request> requests) {
    return measured.isEmpty()
        && !requests.isEmpty()
        && directory.stream().mayBeRewritten()
        && directory.graph().isUntouched()
        && AvailableMemory.bytes() > 2 * directory.bytes();
  }

  /**
   * Compares both on the first requests, if that is wanted.
   *
   * @throws UnsupportedModelException if they differ by more than rounding explains
   */
  void check(List<Request> requests) {
    if (!isWanted(requests)) {
      return;
    }
    OutputComparison comparison = compare(requests.subList(0, Math.min(REQUESTS, requests.size())));
    if (!comparison.isWithin(VerifiedExport.tolerance(directory.stream()))) {
      throw refused(comparison);
    }
    measured = Optional.of(comparison);
  }

  private OutputComparison compare(List<Request> requests) {
    try (PlainSession plain =
        PlainSession.open(
            directory.graph().file(),
            directory.stream().result(),
            device,
            directory.cacheFormats())) {
      return answers.compare(requests, LayerMask.none(info.layerCount()), List.of(), plain);
    }
  }

  private UnsupportedModelException refused(OutputComparison comparison) {
    return new UnsupportedModelException(
        directory.graph().file()
            + ": ONNX Runtime computes otherwise with this model as it is than with its layers"
            + " behind gates, so a search would not measure what clients get: largest difference "
            + comparison.maxAbsDifference()
            + " over "
            + comparison.prompts()
            + " prompts, tolerance "
            + comparison.tolerance(VerifiedExport.tolerance(directory.stream()))
            + ". Export or quantize it in another form, such as MatMulNBits for 4 bits, or use"
            + " the model in float32 or float16; please report this with the model");
  }

  /** Returns entries of provenance: how far both are from each other, if that was measured. */
  Map<String, String> provenance() {
    return measured
        .map(
            comparison ->
                Map.of(
                    "tale.gated_difference",
                    comparison.maxAbsDifference() + " of " + comparison.maxAbsValue()))
        .orElse(Map.of());
  }
}
