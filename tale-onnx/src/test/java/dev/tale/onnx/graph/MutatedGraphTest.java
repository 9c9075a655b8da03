package dev.tale.onnx.graph;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.ResidualStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/** Whatever happens to the bytes of a model, it is read, or refused by type: nothing else. */
@Tag("slow")
class MutatedGraphTest {
  private static final String CONFIG =
      """
      {"model_type": "qwen2", "num_hidden_layers": 3, "layer_types": ["a", "b", "c"],
       "max_window_layers": 2, "use_sliding_window": true, "no_rope_layers": [1, 1, 1],
       "decoder_sparse_step": 1, "transformers.js_config": {"use_external_data_format": true}}
      """;

  private static final long SEED = Long.getLong("tale.seed", 14);
  private static final List<String> FIXTURES =
      List.of("llama31-genai-int4", "bert-torchscript", "gpt2-torchscript", "phi3-dynamo");

  private static Path directory = Path.of("");
  private static byte[] dynamo = {};
  private static byte[] external = {};

  @BeforeContainer
  static void originals() throws IOException {
    directory = Files.createTempDirectory("mutated");
    dynamo = Files.readAllBytes(TestModels.DYNAMO.file());
    TinyGraphs tiny =
        new TinyGraphs().embedding("x").layer("x", "y").layer("y", "z").layer("z", "u").head("u");
    external = Files.readAllBytes(TinyGraphs.withExternalData(tiny.model(), directory, 2));
  }

  @AfterContainer
  static void delete() throws IOException {
    MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void graphs(@ForAll boolean withExternalData, @ForAll("damages") Damage damage)
      throws IOException {
    check(withExternalData ? external : dynamo, damage);
  }

  @Example
  void bytesAndFields() throws IOException {
    assertTyped(150);
  }

  @Example
  @Tag("nightly")
  void manyMoreBytesAndFields() throws IOException {
    assertTyped(100_000);
  }

  private static void assertTyped(int count) throws IOException {
    GraphFuzz.Counts counts = new GraphFuzz(copies()).run(SEED, count);
    System.out.printf(
        "%d graphs of seed %d: %d used, %d refused, %d untyped, slowest %d ms%n",
        count,
        SEED,
        counts.used(),
        counts.refused(),
        counts.untyped().size(),
        counts.slowestMillis());
    assertThat(counts.untyped()).isEmpty();
    assertThat(counts.slowestMillis()).isLessThan(GraphFuzz.MOST_MILLIS);
    assertThat(counts.used()).isGreaterThan(count / 30);
    assertThat(counts.refused()).isGreaterThan(count / 30);
  }

  /** Graphs of several exporters, families and formats, with the files beside them. */
  private static List<Path> copies() throws IOException {
    List<Path> copies = new ArrayList<>(List.of(copy("dynamo", TestModels.DYNAMO.file())));
    TinyGraphs tiny =
        new TinyGraphs().embedding("x").layer("x", "y").layer("y", "z").layer("z", "u").head("u");
    Path beside = Files.createDirectories(directory.resolve("external"));
    copies.add(TinyGraphs.withExternalData(tiny.model(), beside, 2));
    for (String name : FIXTURES) {
      copies.add(copy(name, ModelDirectory.open(Fixtures.named(name).directory()).graph().file()));
    }
    return copies;
  }

  private static Path copy(String name, Path graph) throws IOException {
    Path target = Files.createDirectories(directory.resolve(name));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(graph.getParent())) {
      for (Path file : files) {
        if (Files.isRegularFile(file)) {
          Files.copy(file, target.resolve(file.getFileName()), REPLACE_EXISTING);
        }
      }
    }
    return target.resolve(graph.getFileName());
  }

  private static void check(byte[] original, Damage damage) throws IOException {
    Path file = Files.write(directory.resolve("model.onnx"), damage.to(original));
    try {
      ResidualStream stream = ResidualStream.find(OnnxGraph.read(file));
      for (ConditionForm form : ConditionForm.values()) {
        assertThat(GatedGraph.of(stream, form).modelBytes()).isNotEmpty();
      }
      Statistics.label("graphs").collect("read");
    } catch (ModelFormatException | UnsupportedModelException e) {
      assertThat(e).hasMessageContaining(file.toString());
      Statistics.label("graphs").collect("refused");
    }
    Statistics.label("graphs")
        .coverage(
            c -> {
              c.check("read").count(count -> count > 0);
              c.check("refused").count(count -> count > 0);
            });
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void settings(@ForAll("damages") Damage damage) throws IOException {
    Files.write(directory.resolve("model.onnx"), external);
    Path config = directory.resolve("config.json");
    Files.write(config, damage.to(CONFIG.getBytes(StandardCharsets.UTF_8)));
    Path target = directory.resolveSibling(directory.getFileName() + "-out");
    try (Staged staged =
        ModelDirectory.open(directory).excise(LayerMask.of(3, 1), target, Map.of())) {
      assertThat(staged.directory().resolve("config.json")).isNotEmptyFile();
    } catch (ModelFormatException | UnsupportedModelException e) {
      assertThat(e).hasMessageContaining(config.toString());
    } finally {
      Files.delete(config);
    }
    assertThat(target).doesNotExist();
  }

  @Provide
  Arbitrary<Damage> damages() {
    Arbitrary<Double> places =
        Arbitraries.doubles()
            .between(0, true, 1, false)
            .withDistribution(RandomDistribution.uniform());
    Arbitrary<Flip> flips = Combinators.combine(places, Arbitraries.bytes()).as(Flip::new);
    Arbitrary<Double> kept =
        Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.just(1.0)), Tuple.of(1, places));
    return Combinators.combine(flips.list().ofMaxSize(4), kept).as(Damage::new);
  }

  /** A byte replaced, at a place from 0 to 1. */
  record Flip(double place, byte value) {}

  /** Bytes replaced, and what remains of the file. */
  record Damage(List<Flip> flips, double kept) {
    byte[] to(byte[] original) {
      byte[] bytes = original.clone();
      flips.forEach(flip -> bytes[(int) (flip.place() * bytes.length)] = flip.value());
      return Arrays.copyOf(bytes, (int) (kept * bytes.length));
    }
  }
}
