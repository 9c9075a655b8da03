package dev.tale.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelExporter.Export;
import dev.tale.model.ModelOutputException;
import dev.tale.onnx.graph.HiddenType;
import dev.tale.onnx.graph.ModelDirectory;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.Staged;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.LogitComparison;
import dev.tale.onnx.session.PlainSession;
import dev.tale.onnx.session.SessionConfig;
import dev.tale.onnx.session.TokenRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a model beside its target, loads it in an ordinary session, compares it with the gated one
 * and only then moves it into place.
 *
 * <p>Implementation note: both compute the same products in the same order; they may differ where
 * the runtime fuses operators in one and not in the other. A difference is measured against the
 * largest logit, at least 1; the tolerance is 1e-4 for float, and some forty roundings of a number
 * for the shorter types: 2e-2 for float16, 2e-1 for bfloat16. A wrong layer is off by far more.
 *
 * @param directory the original
 * @param device where to verify
 * @param gated the original's session, open
 */
record VerifiedExport(ModelDirectory directory, SessionConfig device, GatedSession gated) {

  Export write(
      LayerMask mask, Path target, Map<String, String> metadata, List<TokenRequest> verification)
      throws IOException {
    if (verification.isEmpty()) {
      throw new IllegalArgumentException(
          "There are 0 verification requests; give at least 1, of the kind the model is for");
    }
    try (Staged staged = directory.excise(mask, target, metadata)) {
      Path graph = staged.directory().resolve(relativeGraph());
      LogitComparison comparison = compare(graph, mask, verification);
      check(comparison, mask);
      long bytes = bytes(graph);
      return new Export(
          staged.commit(), mask, comparison.maxAbsDifference(), comparison.prompts(), bytes);
    }
  }

  private Path relativeGraph() {
    Path file = directory.graph().file().toAbsolutePath();
    return directory.path().toAbsolutePath().relativize(file);
  }

  private LogitComparison compare(Path graph, LayerMask mask, List<TokenRequest> verification) {
    String logits = directory.stream().logits();
    try (PlainSession plain = PlainSession.open(graph, logits, device)) {
      return LogitComparison.of(verification, gated, mask, plain);
    }
  }

  private void check(LogitComparison comparison, LayerMask mask) {
    double tolerance =
        tolerance(directory.stream().hiddenType()) * Math.max(1, comparison.maxAbsLogit());
    if (!(comparison.maxAbsDifference() <= tolerance)) {
      throw new ModelOutputException(
          directory.name()
              + " written without layers "
              + mask.removed()
              + " does not agree with the original under the same mask: largest logit difference "
              + comparison.maxAbsDifference()
              + " over "
              + comparison.prompts()
              + " prompts, tolerance "
              + tolerance
              + "; nothing was written; please report this with the model");
    }
  }

  private static double tolerance(HiddenType type) {
    return switch (type) {
      case FLOAT -> 1e-4;
      case FLOAT16 -> 2e-2;
      case BFLOAT16 -> 2e-1;
    };
  }

  /** Graph and the files that its weights are in. */
  private static long bytes(Path graph) throws IOException {
    long bytes = Files.size(graph);
    for (String location : weightFiles(graph)) {
      bytes += Files.size(graph.resolveSibling(location));
    }
    return bytes;
  }

  private static Set<String> weightFiles(Path graph) throws IOException {
    Set<String> locations = new TreeSet<>();
    for (TensorProto weight : OnnxGraph.read(graph).proto().getGraph().getInitializerList()) {
      weight.getExternalDataList().stream()
          .filter(entry -> entry.getKey().equals("location"))
          .map(StringStringEntryProto::getValue)
          .forEach(locations::add);
    }
    return locations;
  }
}
