package dev.tale.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tale.model.Batch;
import dev.tale.model.HiddenStates;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.RunStatistics;
import dev.tale.model.ScaledLayers;
import dev.tale.model.UnanswerableRequestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link LayeredModel} must do. Extend it, say how the model is opened and what it can
 * be asked; the tests come with it.
 */
public abstract class LayeredModelContract {
  private static final long SEED = 20251;

  private LayeredModel model;
  private List<Request> requests;
  private List<LayerMask> masks;

  /** For JUnit. */
  protected LayeredModelContract() {}

  /** Opens the model under test, with at least 2 layers; the contract closes it. */
  protected abstract LayeredModel open() throws Exception;

  /** Returns at least 4 different answerable requests, of every kind the model answers. */
  protected abstract List<Request> requests();

  /** Returns a request that the model cannot answer. */
  protected abstract Request unanswerable();

  /**
   * Returns how far a log-likelihood or a similarity may move when the batch is put together in
   * another way: 0 for a model that computes each request by itself.
   */
  protected double batchTolerance() {
    return 0;
  }

  @BeforeEach
  void openModel() throws Exception {
    model = open();
    requests = List.copyOf(requests());
    masks = masks(model.info().layerCount());
  }

  @AfterEach
  void closeModel() {
    model.close();
  }

  /** Nothing removed, the first and the last layer alone, random masks, and one of them again. */
  private static List<LayerMask> masks(int layers) {
    Random random = new Random(SEED);
    List<LayerMask> masks = new ArrayList<>();
    masks.add(LayerMask.none(layers));
    masks.add(LayerMask.of(layers, 0));
    masks.add(LayerMask.of(layers, layers - 1));
    for (int i = 0; i < 4; i++) {
      masks.add(randomMask(layers, random));
    }
    masks.add(masks.get(1));
    return List.copyOf(masks);
  }

  private static LayerMask randomMask(int layers, Random random) {
    int kept = random.nextInt(layers);
    int[] removed =
        IntStream.range(0, layers).filter(i -> i != kept && random.nextBoolean()).toArray();
    return LayerMask.of(layers, removed);
  }

  @Test
  void info_describesEveryLayer() {
    List<LayerInfo> layers = model.info().layers();
    assertThat(layers).hasSizeGreaterThanOrEqualTo(2);
    assertThat(layers)
        .extracting(LayerInfo::index)
        .isEqualTo(IntStream.range(0, layers.size()).boxed().toList());
    assertThat(layers).allSatisfy(layer -> assertThat(layer.label()).isNotBlank());
    assertThat(layers).allSatisfy(layer -> assertThat(layer.bytes()).isNotNegative());
    assertThat(model.info().contextLength()).isPositive();
  }

  @Test
  void info_isThatOfAnotherInstanceOfTheSameModel() throws Exception {
    try (LayeredModel other = open()) {
      assertThat(other.info()).isEqualTo(model.info());
      assertThat(other.info().contentHash()).isNotBlank();
    }
  }

  @Test
  void runStatistics_countWhatThisThreadAsked() throws Exception {
    Optional<RunStatistics> before = model.runStatistics();
    Thread other = new Thread(() -> model.respond(requests, masks));
    other.start();
    other.join();
    assertThat(model.runStatistics()).isEqualTo(before);
    model.respond(requests, masks);
    assertThat(model.runStatistics().map(now -> now.since(before.orElseThrow()).runs() > 0))
        .isNotEqualTo(Optional.of(false));
  }

  @Test
  void respond_sameCall_sameAnswers() {
    assertThat(model.respond(requests, masks)).isEqualTo(model.respond(requests, masks));
  }

  @Test
  void respond_anotherInstance_sameAnswers() throws Exception {
    List<List<Response>> expected = model.respond(requests, masks);
    try (LayeredModel other = open()) {
      assertThat(other.respond(requests, masks)).isEqualTo(expected);
    }
  }

  @Test
  void respond_masksTogether_asOneByOne() {
    List<List<Response>> together = model.respond(requests, masks);
    assertThat(together).hasSameSizeAs(masks);
    for (int i = 0; i < masks.size(); i++) {
      assertThat(together.get(i))
          .as("mask %s", masks.get(i))
          .isEqualTo(model.respond(requests, masks.subList(i, i + 1)).get(0));
    }
  }

  @Test
  void respond_masksInAnotherOrder_sameAnswersInThatOrder() {
    assertThat(model.respond(requests, reversed(masks)))
        .isEqualTo(reversed(model.respond(requests, masks)));
  }

  @Test
  void respond_requestsInAnotherOrder_sameAnswersInThatOrder() {
    List<List<Response>> backwards = model.respond(reversed(requests), masks);
    List<List<Response>> forwards = model.respond(requests, masks);
    for (int i = 0; i < masks.size(); i++) {
      assertSame(reversed(backwards.get(i)), forwards.get(i));
    }
  }

  @Test
  void respond_requestsTogether_asOneByOne() {
    List<Response> together = model.respond(requests, masks.subList(0, 1)).get(0);
    List<Response> oneByOne = new ArrayList<>();
    for (Request request : requests) {
      oneByOne.addAll(model.respond(List.of(request), masks.subList(0, 1)).get(0));
    }
    assertSame(together, oneByOne);
  }

  @Test
  void respond_requestAskedTwice_sameAnswerTwice() {
    List<Request> twice = new ArrayList<>(requests);
    twice.addAll(requests);
    List<Response> answers = model.respond(twice, masks.subList(0, 1)).get(0);
    assertThat(answers).hasSize(twice.size());
    assertSame(answers.subList(0, requests.size()), answers.subList(requests.size(), twice.size()));
  }

  @Test
  void respond_answersInKind() {
    for (List<Response> answers : model.respond(requests, masks)) {
      assertThat(answers).hasSameSizeAs(requests);
      for (int i = 0; i < requests.size(); i++) {
        assertAnswers(requests.get(i), answers.get(i));
      }
    }
  }

  @Test
  void respond_nothingAsked_nothingAnswered() {
    assertThat(model.respond(requests, List.of())).isEmpty();
    assertThat(model.respond(List.of(), masks)).hasSameSizeAs(masks).allMatch(List::isEmpty);
  }

  @Test
  void respond_maskOfAnotherModel_isRefused() {
    LayerMask foreign = LayerMask.none(model.info().layerCount() + 1);
    assertThatThrownBy(() -> model.respond(requests, List.of(masks.get(0), foreign)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(foreign.layers()));
  }

  @Test
  void respond_interruptedThread_isCancelledAndCanGoOn() {
    List<List<Response>> expected = model.respond(requests, masks);
    Thread.currentThread().interrupt();
    Throwable thrown = catchThrowable(() -> model.respond(requests, masks));
    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(thrown).isInstanceOf(CancellationException.class);
    assertThat(model.respond(requests, masks)).isEqualTo(expected);
  }

  @Test
  void check_answerable_passes() {
    model.check(requests);
    model.check(List.of());
  }

  @Test
  void check_unanswerable_namesItsPosition() {
    for (int position : new int[] {0, 2, requests.size()}) {
      assertUnanswerable(position, catchThrowable(() -> model.check(withUnanswerable(position))));
    }
  }

  @Test
  void respond_unanswerable_namesItsPosition() {
    assertUnanswerable(2, catchThrowable(() -> model.respond(withUnanswerable(2), masks)));
  }

  @Test
  void layerForwards_countWhatSharingLeaves() {
    long shared = model.cost(Batch.of(requests, masks)).layerForwards();
    List<Long> each =
        masks.stream()
            .map(mask -> model.cost(Batch.of(requests, List.of(mask))).layerForwards())
            .toList();
    assertThat(each.get(0)).as("nothing removed").isPositive();
    assertThat(each).allMatch(one -> one <= shared && one <= each.get(0));
    assertThat(shared).isLessThanOrEqualTo(each.stream().mapToLong(Long::longValue).sum());
  }

  @Test
  void layerForwards_countEveryLayerThatIsKept() {
    int layers = model.info().layerCount();
    long all = model.cost(Batch.of(requests, masks.subList(0, 1))).layerForwards();
    long oneLess = model.cost(Batch.of(requests, masks.subList(1, 2))).layerForwards();
    assertThat(all % layers).isZero();
    assertThat(oneLess).isEqualTo(all / layers * (layers - 1));
  }

  @Test
  void layerForwards_requestsTogether_atMostOneByOne() {
    long oneByOne =
        requests.stream()
            .mapToLong(r -> model.cost(Batch.of(List.of(r), masks)).layerForwards())
            .sum();
    assertThat(model.cost(Batch.of(requests, masks)).layerForwards())
        .isPositive()
        .isLessThanOrEqualTo(oneByOne);
  }

  @Test
  void layerForwards_areAFunctionOfTheArguments() {
    long before = model.cost(Batch.of(requests, masks)).layerForwards();
    model.respond(requests, masks);
    assertThat(model.cost(Batch.of(requests, masks)).layerForwards()).isEqualTo(before);
  }

  @Test
  void scaledLayers_zerosAndOnes_areTheMask() {
    ScaledLayers scaled = scaledLayers();
    List<double[]> gates = masks.stream().map(LayeredModelContract::gates).toList();
    assertThat(scaled.respond(notGenerated(), gates))
        .isEqualTo(model.respond(notGenerated(), masks));
    assertThat(scaled.respond(notGenerated(), List.of())).isEmpty();
  }

  @Test
  void scaledLayers_vectorsTogether_asOneByOne() {
    ScaledLayers scaled = scaledLayers();
    List<double[]> gates = randomGates();
    List<List<Response>> together = scaled.respond(notGenerated(), gates);
    for (int i = 0; i < gates.size(); i++) {
      assertThat(together.get(i))
          .as("seed %s, vector %s", SEED, i)
          .isEqualTo(scaled.respond(notGenerated(), gates.subList(i, i + 1)).get(0));
    }
    assertThat(together.stream().distinct()).as("factors matter").hasSizeGreaterThan(1);
  }

  @Test
  void scaledLayers_otherThanOneFiniteFactorForEachLayer_areRefused() {
    ScaledLayers scaled = scaledLayers();
    double[] more = new double[model.info().layerCount() + 1];
    assertThatThrownBy(() -> scaled.respond(notGenerated(), List.of(more)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(more.length));
    double[] infinite = new double[model.info().layerCount()];
    infinite[1] = Double.NEGATIVE_INFINITY;
    assertThatThrownBy(() -> scaled.respond(notGenerated(), List.of(infinite)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-Infinity");
  }

  @Test
  void scaledLayers_unanswerable_namesItsPosition() {
    ScaledLayers scaled = scaledLayers();
    List<Request> mixed = new ArrayList<>(notGenerated());
    mixed.add(1, unanswerable());
    assertUnanswerable(1, catchThrowable(() -> scaled.respond(mixed, randomGates())));
  }

  @Test
  void scaledLayers_interruptedThread_isCancelled() {
    ScaledLayers scaled = scaledLayers();
    Thread.currentThread().interrupt();
    Throwable thrown = catchThrowable(() -> scaled.respond(notGenerated(), randomGates()));
    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(thrown).isInstanceOf(CancellationException.class);
  }

  @Test
  void hiddenStates_areThereAtEveryBoundary() {
    HiddenStates hidden = hiddenStates();
    for (LayerMask mask : masks) {
      List<float[][]> states = hidden.atLastPromptToken(requests, mask);
      assertThat(states).hasSameSizeAs(requests);
      for (float[][] state : states) {
        assertThat(state).hasDimensions(mask.layers() + 1, hidden.width());
        for (int layer = 0; layer < mask.layers(); layer++) {
          assertThat(Arrays.equals(state[layer], state[layer + 1]))
              .as("layer %d without %s passes on what it gets", layer, mask)
              .isEqualTo(mask.removes(layer));
        }
      }
    }
  }

  @Test
  void hiddenStates_requestsTogether_asOneByOne() {
    HiddenStates hidden = hiddenStates();
    List<float[][]> together = hidden.atLastPromptToken(requests, masks.get(1));
    for (int i = 0; i < requests.size(); i++) {
      float[][] alone = hidden.atLastPromptToken(requests.subList(i, i + 1), masks.get(1)).get(0);
      for (int boundary = 0; boundary < alone.length; boundary++) {
        assertThat(together.get(i)[boundary])
            .as("request %d, boundary %d", i, boundary)
            .containsExactly(alone[boundary], within((float) batchTolerance()));
      }
    }
  }

  @Test
  void hiddenStates_whatCannotBe_isRefused() {
    HiddenStates hidden = hiddenStates();
    LayerMask foreign = LayerMask.none(model.info().layerCount() + 1);
    assertThatThrownBy(() -> hidden.atLastPromptToken(requests, foreign))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(foreign.layers()));
    assertUnanswerable(
        2, catchThrowable(() -> hidden.atLastPromptToken(withUnanswerable(2), masks.get(0))));
  }

  private ScaledLayers scaledLayers() {
    assumeThat(model.scaledLayers()).as("the ability").isPresent();
    return model.scaledLayers().get();
  }

  private HiddenStates hiddenStates() {
    assumeThat(model.hiddenStates()).as("the ability").isPresent();
    return model.hiddenStates().get();
  }

  private List<Request> notGenerated() {
    return requests.stream().filter(r -> !(r instanceof Request.Generation)).toList();
  }

  private static double[] gates(LayerMask mask) {
    return IntStream.range(0, mask.layers()).mapToDouble(i -> mask.removes(i) ? 0 : 1).toArray();
  }

  /** Few values, so that vectors have beginnings in common. */
  private List<double[]> randomGates() {
    Random random = new Random(SEED);
    double[] values = {1, 1, 0, 0.5, 1.25};
    int layers = model.info().layerCount();
    return Stream.generate(
            () -> random.ints(layers, 0, values.length).mapToDouble(i -> values[i]).toArray())
        .limit(7)
        .toList();
  }

  @Test
  void close_twice_hasNoFurtherEffect() {
    model.close();
    model.close();
  }

  private List<Request> withUnanswerable(int position) {
    List<Request> mixed = new ArrayList<>(requests);
    mixed.add(position, unanswerable());
    return mixed;
  }

  private static void assertUnanswerable(int position, Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            UnanswerableRequestException.class,
            e -> {
              assertThat(e.position()).isEqualTo(position);
              assertThat(e.reason()).isNotBlank();
            });
  }

  private static void assertAnswers(Request request, Response answer) {
    if (request instanceof Request.Generation generation) {
      assertThat(answer).isInstanceOf(Response.Generation.class);
      Response.Generation generated = (Response.Generation) answer;
      assertThat(generated.tokens()).isBetween(0, generation.maxNewTokens());
      assertThat(generation.stops()).noneMatch(generated.text()::contains);
    } else if (request instanceof Request.Similarity) {
      assertThat(answer).isInstanceOf(Response.Similarity.class);
      assertThat(((Response.Similarity) answer).cosine())
          .matches(cosine -> Double.isNaN(cosine) || Math.abs(cosine) <= 1, "NaN or in [-1, 1]");
    } else {
      assertThat(answer).isInstanceOf(Response.LogLikelihood.class);
      Response.LogLikelihood likelihood = (Response.LogLikelihood) answer;
      assertThat(likelihood.tokens()).isPositive();
      assertThat(likelihood.sum()).matches(sum -> Double.isNaN(sum) || sum <= 0, "NaN or <= 0");
    }
  }

  private void assertSame(List<Response> actual, List<Response> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      if (actual.get(i) instanceof Response.LogLikelihood one
          && expected.get(i) instanceof Response.LogLikelihood other) {
        assertThat(one.sum()).isCloseTo(other.sum(), within(batchTolerance()));
        assertThat(one.tokens()).isEqualTo(other.tokens());
      } else if (actual.get(i) instanceof Response.Similarity one
          && expected.get(i) instanceof Response.Similarity other) {
        assertThat(one.cosine()).isCloseTo(other.cosine(), within(batchTolerance()));
      } else {
        assertThat(actual.get(i)).isEqualTo(expected.get(i));
      }
    }
  }

  private static <T> List<T> reversed(List<T> list) {
    return IntStream.range(0, list.size()).mapToObj(i -> list.get(list.size() - 1 - i)).toList();
  }
}
