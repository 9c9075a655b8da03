package dev.tale.onnx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.onnx.families.Fixture;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.session.batch.TokenPair;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.onnx.session.walk.Pooling;
import dev.tale.onnx.session.walk.Traversal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComparerTest {
  private static final long SEED = 31;
  private static final int LAYERS = 4;
  private static final LayerMask ALL = LayerMask.none(LAYERS);
  private static final double TOLERANCE = 1e-5;

  private int openBefore;
  private ModelDirectory model;
  private GatedSession session;

  @BeforeEach
  void openModel() throws IOException {
    openBefore = Native.open();
    open("bert-torchscript");
  }

  private void open(String fixture) throws IOException {
    Fixture found = Fixtures.named(fixture);
    model = ModelDirectory.open(found.directory());
    GatedGraph gated = GatedGraph.of(model.stream(), ConditionForm.BOOL);
    session = GatedSession.open(gated, SessionConfig.cpu(1));
  }

  @AfterEach
  void everyNativeObjectIsClosed() {
    session.close();
    assertThat(Native.open()).as("native objects open").isEqualTo(openBefore);
  }

  /** Pairs of 3 to 20 tokens; every text is asked of twice. */
  private static List<TokenPair> pairs(int count) {
    Random random = new Random(SEED);
    List<ImmutableLongArray> texts =
        Stream.generate(
                () -> ImmutableLongArray.copyOf(random.longs(3 + random.nextInt(18), 4, 90)))
            .limit(count)
            .toList();
    return IntStream.range(0, count)
        .mapToObj(i -> new TokenPair(texts.get(i), texts.get((i + 1) % count)))
        .toList();
  }

  private static List<LayerMask> greedyRound() {
    return ALL.kept().stream().map(ALL::remove).toList();
  }

  private static double cosine(Response response) {
    return ((Response.Similarity) response).cosine();
  }

  private void assertSame(List<Response> actual, List<Response> expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(cosine(actual.get(i)))
          .as("pair %d", i)
          .isCloseTo(cosine(expected.get(i)), within(tolerance));
    }
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void similaritiesAreThoseOfTheOriginalModelsHiddenStates(Pooling pooling) {
    List<TokenPair> pairs = pairs(20);
    List<Response> answers =
        new Comparer(session, pooling).answer(pairs, List.of(ALL)).responses().get(0);
    try (PlainSession plain =
        PlainSession.open(model.graph().file(), model.stream().result(), SessionConfig.cpu(1))) {
      for (int i = 0; i < pairs.size(); i++) {
        double[] a = embed(plain, pairs.get(i).text(), pooling);
        double[] b = embed(plain, pairs.get(i).other(), pooling);
        double expected = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
        assertThat(cosine(answers.get(i))).isCloseTo(expected, within(TOLERANCE));
      }
    }
    assertThat(answers.stream().map(ComparerTest::cosine).distinct()).hasSizeGreaterThan(10);
  }

  private static double[] embed(PlainSession plain, ImmutableLongArray tokens, Pooling pooling) {
    List<Integer> positions = IntStream.range(0, tokens.length()).boxed().toList();
    List<float[]> states = plain.output(tokens, positions);
    List<float[]> pooled = pooling == Pooling.CLS ? states.subList(0, 1) : states;
    return IntStream.range(0, states.get(0).length)
        .mapToDouble(i -> pooled.stream().mapToDouble(state -> state[i]).average().orElseThrow())
        .toArray();
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  @Test
  void sharingGivesTheSameBitsAndRunsLess() {
    List<TokenPair> pairs = pairs(30);
    List<List<Response>> shared =
        new Comparer(session, Pooling.MEAN).answer(pairs, greedyRound()).responses();
    assertThat(session.runs().layers()).as("2 batches of 3 + 4 * 3 / 2").isEqualTo(2 * 9);
    List<List<Response>> naive =
        new Comparer(session, Pooling.MEAN, Traversal::oneByOne)
            .answer(pairs, greedyRound())
            .responses();
    assertThat(session.runs().layers()).isEqualTo(2 * 9 + 2 * 12);
    assertThat(shared).isEqualTo(naive);
    assertThat(shared.get(0)).isNotEqualTo(shared.get(3));
  }

  @Test
  void aTextIsRunOnceHoweverOftenItIsAskedOf() {
    List<TokenPair> pairs = pairs(5);
    List<TokenPair> often = Collections.nCopies(40, pairs).stream().flatMap(List::stream).toList();
    Comparer comparer = new Comparer(session, Pooling.MEAN);
    comparer.answer(often, List.of(ALL)).responses();
    assertThat(session.runs().count()).isEqualTo(1);
    assertThat(session.plan().costOfPairs(often, List.of(ALL)).layerForwards())
        .isEqualTo(LAYERS * pairs.stream().mapToLong(pair -> pair.text().length()).sum())
        .isEqualTo(session.plan().costOfPairs(pairs, List.of(ALL)).layerForwards());
  }

  @Test
  void paddingChangesNothing() {
    List<TokenPair> pairs = pairs(12);
    Comparer comparer = new Comparer(session, Pooling.MEAN);
    List<Response> together = comparer.answer(pairs, List.of(ALL)).responses().get(0);
    List<Response> alone = new ArrayList<>();
    for (TokenPair pair : pairs) {
      TokenPair itself = new TokenPair(pair.text(), pair.text());
      assertThat(comparer.answer(List.of(itself), List.of(ALL)).responses())
          .isEqualTo(List.of(List.of(new Response.Similarity(1))));
      alone.addAll(comparer.answer(List.of(pair), List.of(ALL)).responses().get(0));
    }
    assertSame(together, alone, TOLERANCE);
  }

  /** A quantized graph takes one scale over all rows of a run: rows that share one would differ. */
  @Test
  void batchSensitiveModelsRunRowByRowToTheSameBits() throws IOException {
    session.close();
    open("bert-torchscript-int8");
    List<TokenPair> pairs = pairs(12);
    Comparer comparer = new Comparer(session, Pooling.MEAN);
    List<Response> together = comparer.answer(pairs, List.of(ALL)).responses().get(0);
    assertThat(session.runs().count()).isEqualTo(12);
    List<Response> alone =
        pairs.stream()
            .map(pair -> comparer.answer(List.of(pair), List.of(ALL)).responses().get(0).get(0))
            .toList();
    assertThat(together).isEqualTo(alone);
  }

  @Test
  void everyLayerMayBeRemoved() {
    LayerMask nothing = LayerMask.of(LAYERS, 0, 1, 2, 3);
    List<LayerMask> masks = List.of(nothing, ALL, LayerMask.of(LAYERS, 2, 3));
    List<List<Response>> answers =
        new Comparer(session, Pooling.MEAN).answer(pairs(4), masks).responses();
    for (int mask = 0; mask < masks.size(); mask++) {
      assertThat(answers.get(mask))
          .isEqualTo(
              new Comparer(session, Pooling.MEAN)
                  .answer(pairs(4), masks.subList(mask, mask + 1))
                  .responses()
                  .get(0));
    }
  }

  @Test
  void nothingToAskIsAnsweredWithNothing() {
    Comparer comparer = new Comparer(session, Pooling.CLS);
    assertThat(comparer.answer(List.of(), greedyRound()).responses())
        .hasSize(4)
        .containsOnly(List.of());
    assertThat(comparer.answer(pairs(2), List.of()).responses()).isEmpty();
    assertThat(session.runs().count()).isZero();
  }
}
