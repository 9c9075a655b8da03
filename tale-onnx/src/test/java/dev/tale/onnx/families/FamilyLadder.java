package dev.tale.onnx.families;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How far one fixture's ways of running are from each other: largest absolute difference of a value
 * at any position of any row, over all masks.
 *
 * @param layersFound number of layers found in the graph
 * @param masks number of masks compared
 * @param plain ONNX Runtime on the original, from PyTorch
 * @param gated gated under each mask, from PyTorch with those layers deleted; for int8 and int4,
 *     gated with nothing skipped, from ONNX Runtime on the original
 * @param excised written without the layers, from gated under the same mask
 * @param range largest less smallest value of PyTorch
 */
public record FamilyLadder(
    int layersFound, int masks, double plain, double gated, double excised, double range) {

  /** Climbs the ladder with masks of layers, or of layers' parts. */
  static FamilyLadder measure(Fixture fixture, Granularity granularity, Path scratch)
      throws IOException {
    ModelDirectory model = ModelDirectory.open(fixture.directory(), granularity);
    SessionConfig cpu = SessionConfig.cpu(1);
    GatedGraph graph = GatedGraph.of(model.stream(), ConditionForm.BOOL);
    LayerMask none = LayerMask.none(graph.layerCount());
    try (Staged copy = model.excise(none, scratch.resolve("copy"), Map.of());
        GatedSession gated = GatedSession.open(graph, cpu);
        PlainSession plain = plain(model, runnable(model, copy))) {
      return new Rungs(fixture, Expected.read(fixture), model, gated, plain)
          .climb(granularity, scratch);
    }
  }

  /** Where a model leaves the head size of its caches open, only the copy can be given a cache. */
  private static Path runnable(ModelDirectory model, Staged copy) {
    boolean open =
        model.graph().proto().getGraph().getInputList().stream()
            .map(input -> input.getType().getTensorType().getShape().getDimList())
            .anyMatch(dims -> dims.size() == 4 && !dims.get(3).hasDimValue());
    return open ? written(model, copy) : model.graph().file();
  }

  private static Path written(ModelDirectory model, Staged staged) {
    Path root = model.path().toAbsolutePath();
    Path graph = root.relativize(model.graph().file().toAbsolutePath());
    return staged.directory().resolve(graph.toString());
  }

  private static PlainSession plain(ModelDirectory model, Path file) {
    return PlainSession.open(
        file, model.stream().result(), SessionConfig.cpu(1), model.cacheFormats());
  }

  private record Rungs(
      Fixture fixture,
      Expected expected,
      ModelDirectory model,
      GatedSession gated,
      PlainSession plain) {

    FamilyLadder climb(Granularity granularity, Path scratch) throws IOException {
      boolean parts = granularity == Granularity.SUBLAYER;
      List<LayerMask> masks = parts ? expected.partMasks() : expected.masks();
      int first = parts ? expected.masks().size() : 0;
      double fromPlain = 0;
      double fromGated = quantized() ? nothingSkipped() : 0;
      double fromExcised = 0;
      for (int row = 0; row < expected.rows().size(); row++) {
        fromPlain = Math.max(fromPlain, difference(plain(plain, row), expected.of(0, row)));
      }
      for (int mask = 0; mask < masks.size(); mask++) {
        List<List<float[]>> rows = gated(masks.get(mask));
        if (!quantized()) {
          fromGated = Math.max(fromGated, masked(rows, first + mask));
        }
        fromExcised = Math.max(fromExcised, excised(masks.get(mask), rows, scratch));
      }
      return new FamilyLadder(
          gated.layerCount(), masks.size(), fromPlain, fromGated, fromExcised, range());
    }

    private boolean quantized() {
      return fixture.format().startsWith("int");
    }

    private double nothingSkipped() {
      LayerMask none = LayerMask.none(gated.layerCount());
      return IntStream.range(0, expected.rows().size())
          .mapToDouble(row -> difference(gated(none, row), plain(plain, row)))
          .reduce(0, Math::max);
    }

    private List<List<float[]>> gated(LayerMask mask) {
      return IntStream.range(0, expected.rows().size()).mapToObj(row -> gated(mask, row)).toList();
    }

    private double masked(List<List<float[]>> gated, int index) {
      return IntStream.range(0, gated.size())
          .mapToDouble(row -> difference(gated.get(row), expected.of(index, row)))
          .reduce(0, Math::max);
    }

    private double excised(LayerMask mask, List<List<float[]>> gated, Path scratch)
        throws IOException {
      try (Staged staged = model.excise(mask, scratch.resolve("excised"), Map.of());
          PlainSession written = FamilyLadder.plain(model, written(model, staged))) {
        return IntStream.range(0, gated.size())
            .mapToDouble(row -> difference(plain(written, row), gated.get(row)))
            .reduce(0, Math::max);
      }
    }

    private List<float[]> plain(PlainSession session, int row) {
      return session.output(expected.rows().get(row), positions(row));
    }

    private List<float[]> gated(LayerMask mask, int row) {
      return gated.output(expected.rows().get(row), positions(row), mask);
    }

    private List<Integer> positions(int row) {
      ImmutableLongArray tokens = expected.rows().get(row);
      return IntStream.range(0, tokens.length()).boxed().toList();
    }

    private double range() {
      float least = Float.POSITIVE_INFINITY;
      float most = Float.NEGATIVE_INFINITY;
      for (int row = 0; row < expected.rows().size(); row++) {
        for (float[] values : expected.of(0, row)) {
          for (float value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
          }
        }
      }
      return (double) most - least;
    }

    /** {@link Math#max} keeps a NaN. */
    private static double difference(List<float[]> one, List<float[]> other) {
      double largest = 0;
      for (int position = 0; position < one.size(); position++) {
        for (int i = 0; i < one.get(position).length; i++) {
          double difference = (double) one.get(position)[i] - other.get(position)[i];
          largest = Math.max(largest, Math.abs(difference));
        }
      }
      return largest;
    }
  }
}
