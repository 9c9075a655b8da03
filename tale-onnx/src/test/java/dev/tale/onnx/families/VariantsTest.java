package dev.tale.onnx.families;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.folder.ModelDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What other exporters and quantizers make of the same models. */
@Tag("slow")
class VariantsTest {
  private static final Fixture QWEN = Fixtures.named("qwen25-torchscript");
  private static final Fixture GPT2 = Fixtures.named("gpt2-torchscript");
  private static final Fixture HALF = Fixtures.named("qwen25-torchscript-fp16");

  @TempDir private Path directory;

  /** ONNX Runtime makes MatMulNBits with int8 activations of it: the same behind gates. */
  @Test
  void fourBits_dequantizedByBlock() throws IOException {
    Fixture fixture = Variants.write(GPT2, "q4", "int4", Variants::fourBits);
    assertRow(fixture, 1e-5);
    assertExported(fixture, "tale.gated_difference");
  }

  @Test
  void eightBits_withTheEmbedding() throws IOException {
    assertRow(Variants.write(QWEN, "q8", "int8", Variants::eightBits), 1e-5);
  }

  /** Some forty roundings of a logit to 16 bits: {@link ModelRow} allows 2e-2 of the range. */
  @Test
  void sumsInFloat_ofAModelIn16Bits() throws IOException {
    assertRow(Variants.write(HALF, "sums", "fp16", Variants::sumsInFloat), 1e-1);
  }

  @ParameterizedTest
  @CsvSource({"2bhld", "b2hld", "2blhd"})
  void joinedCaches(String layout) throws IOException {
    Fixture fixture = joined(layout, false);
    assertThat(ModelDirectory.open(fixture.directory()).caches())
        .hasSize(fixture.layers())
        .containsEntry("past_0", "present_0");
    assertSameText(fixture, GPT2);
  }

  @Test
  void joinedCache_agreesWithTheOriginal() throws IOException {
    assertRow(Variants.write(GPT2, "row", "fp32", m -> Variants.joined(m, "2bhld", false)), 1e-4);
  }

  /** What comes out with values before keys cannot be fed again. */
  @Test
  void joinedCaches_thatDoNotGoOn_areLeftEmpty() throws IOException {
    Fixture fixture = joined("2bhld", true);
    assertThat(ModelDirectory.open(fixture.directory()).caches()).isEmpty();
    assertSameText(fixture, GPT2);
  }

  private static Fixture joined(String layout, boolean backwards) throws IOException {
    UnaryOperator<ModelProto> join = model -> Variants.joined(model, layout, backwards);
    return Variants.write(GPT2, layout + (backwards ? "-back" : ""), "fp32", join);
  }

  private static void assertRow(Fixture fixture, double limit) throws IOException {
    ModelRow row = ModelRow.measure(fixture);
    assertThat(row.problem()).isEmpty();
    for (FamilyLadder ladder : List.of(row.layers(), row.parts())) {
      assertThat(ladder.masks()).isGreaterThan(3);
      assertThat(ladder.excised()).isLessThan(limit);
      if (fixture.format().startsWith("int")) {
        assertThat(ladder.gated()).isLessThan(limit);
        assertThat(ladder.plain()).as("quantized").isGreaterThan(1e-3);
      }
    }
  }

  private void assertExported(Fixture fixture, String entry) throws IOException {
    List<Request> requests = List.of(new Request.LogLikelihood("the quick", " brown fox"));
    Path target = directory.resolve("pruned");
    try (OnnxModel model = OnnxModel.open(fixture.directory())) {
      model.check(requests);
      LayerMask mask = LayerMask.of(fixture.layers(), 1);
      assertThat(
              model
                  .exporter()
                  .orElseThrow()
                  .export(mask, target, Map.of(), requests)
                  .maxAbsDifference())
          .isLessThan(1e-5);
    }
    try (OnnxModel pruned = OnnxModel.open(target)) {
      assertThat(pruned.metadata().get(entry)).matches("[0-9.E-]+ of [0-9.]+");
    }
  }

  private static void assertSameText(Fixture fixture, Fixture original) throws IOException {
    List<Request> requests =
        List.of(
            new Request.Generation("the quick brown fox", List.of(), 6),
            new Request.Generation("the quick brown dog jumps", List.of(), 6),
            new Request.Generation("a b", List.of(), 6));
    List<LayerMask> masks =
        List.of(LayerMask.none(fixture.layers()), LayerMask.of(fixture.layers(), 0, 2));
    try (OnnxModel one = OnnxModel.open(fixture.directory());
        OnnxModel other = OnnxModel.open(original.directory())) {
      assertThat(one.respond(requests, masks)).isEqualTo(other.respond(requests, masks));
    }
  }
}
