package dev.tale.onnx.session;

import static dev.tale.onnx.session.NanoSession.LAYERS;
import static dev.tale.onnx.session.NanoSession.likelihood;
import static dev.tale.onnx.session.NanoSession.responder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Response;
import dev.tale.onnx.session.batch.PaddedBatch;
import dev.tale.onnx.session.batch.RequestPlan;
import dev.tale.onnx.session.batch.Sequence;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.onnx.session.runtime.Padding;
import dev.tale.onnx.session.runtime.Tensors;
import dev.tale.onnx.session.walk.BatchRunner;
import dev.tale.onnx.session.walk.Boundary;
import dev.tale.onnx.session.walk.Hidden;
import dev.tale.onnx.session.walk.Readings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What layers add is scaled outside the graph: the same bits however vectors are walked. */
@Tag("slow")
class ScaledLayersTest extends WithNanoSession {
  private static final long SEED = 31;
  private static final int HEADER = 40;

  @Test
  void onesAndZerosAreTheMaskBitForBit() {
    Random random = new Random(SEED);
    for (List<TokenRequest.Score> rows : List.of(rows(20, random), rowsThatBeginAlike(9, random))) {
      List<LayerMask> masks =
          Stream.concat(
                  Stream.of(LayerMask.none(LAYERS)), Stream.generate(() -> mask(random)).limit(6))
              .toList();
      List<ImmutableDoubleArray> gates =
          new ArrayList<>(masks.stream().map(ScaledLayersTest::gates).toList());
      gates.add(random(random));
      List<List<Response>> scaled = responder(session).respondScaled(rows, gates);
      assertThat(scaled.subList(0, masks.size()))
          .as("seed %s", SEED)
          .isEqualTo(responder(session).answer(List.copyOf(rows), masks).responses());
      assertThat(scaled.get(masks.size())).isNotEqualTo(scaled.get(0));
    }
  }

  @Test
  void sharingGivesTheSameBitsUnderRandomFactors() {
    Random random = new Random(SEED);
    for (List<TokenRequest.Score> rows : List.of(rows(20, random), rowsThatBeginAlike(9, random))) {
      List<ImmutableDoubleArray> gates = Stream.generate(() -> random(random)).limit(9).toList();
      List<List<Response>> together = responder(session).respondScaled(rows, gates);
      for (int vector = 0; vector < gates.size(); vector++) {
        assertThat(together.get(vector))
            .as("seed %s, %s", SEED, gates.get(vector))
            .isEqualTo(responder(session).respondScaled(rows, List.of(gates.get(vector))).get(0));
      }
    }
  }

  /** The header goes through scaled layers too, or what later layers remember of it is wrong. */
  @Test
  void rowsThatBeginAlikeGetWhatTheyGetWhole() throws IOException {
    Random random = new Random(SEED);
    List<TokenRequest.Score> rows = rowsThatBeginAlike(9, random);
    List<ImmutableDoubleArray> gates = Stream.generate(() -> random(random)).limit(4).toList();
    List<List<Response>> shared = responder(session).respondScaled(rows, gates);
    assertThat(session.plan().tokensToRead(RequestPlan.of(rows).sequences()))
        .as("tokens with the header run once")
        .isLessThan(rows.stream().mapToLong(row -> row.input().length()).sum() - 7 * HEADER);
    try (GatedSession whole = NanoSession.open()) {
      for (int vector = 0; vector < gates.size(); vector++) {
        for (int row = 0; row < rows.size(); row++) {
          assertThat(sum(shared.get(vector).get(row)))
              .isCloseTo(naive(whole, rows.get(row), gates.get(vector)), within(1e-4));
        }
      }
    }
  }

  /** One row, one layer at a time, blended here in single steps. */
  private static double naive(
      GatedSession whole, TokenRequest.Score row, ImmutableDoubleArray gates) {
    List<Sequence> sequences = RequestPlan.of(List.of(row)).sequences();
    Readings readings = new Readings(1, 1, 0);
    PaddedBatch batch = PaddedBatch.whole(sequences, List.of(0));
    try (BatchRunner runner = BatchRunner.of(whole.loaded(), batch, Padding.RIGHT)) {
      Hidden state = runner.body(Hidden.START, List.of(), KeyValues.none());
      for (int layer = 0; layer < LAYERS; layer++) {
        try (Hidden before = state;
            Hidden after = runner.body(before, List.of(layer), KeyValues.none())) {
          float[] x = runner.hidden(before, List.of(), KeyValues.none());
          float[] y = runner.hidden(after, List.of(), KeyValues.none());
          for (int i = 0; i < x.length; i++) {
            y[i] = x[i] + (float) gates.get(layer) * (y[i] - x[i]);
          }
          long[] shape = {1, batch.length(), x.length / batch.length()};
          state = new Boundary(Tensors.floats(OnnxJavaType.FLOAT, y, shape));
        }
      }
      try (Hidden last = state) {
        readings.put(0, batch, runner.head(last, List.of(), KeyValues.none()));
      }
    }
    double sum = 0;
    for (int probe = 0; probe < sequences.get(0).probes().size(); probe++) {
      sum += readings.logProbability(0, 0, probe, 0);
    }
    return sum;
  }

  @Test
  void centralDifferencesCostHalf() {
    List<TokenRequest.Score> rows = scores(NanoSession.equalRows(4, new Random(SEED)));
    List<ImmutableDoubleArray> gates = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      for (double factor : new double[] {0.99, 1.01}) {
        int scaled = layer;
        gates.add(
            ImmutableDoubleArray.copyOf(
                IntStream.range(0, LAYERS).mapToDouble(i -> i == scaled ? factor : 1)));
      }
    }
    responder(session).respondScaled(rows, gates);
    assertThat(session.runs().layers()).isEqualTo(144);
    gates.forEach(vector -> responder(session).respondScaled(rows, List.of(vector)));
    assertThat(session.runs().layers()).isEqualTo(144 + 288);
  }

  @Test
  void nothingToAskIsAnsweredWithNothing() {
    assertThat(responder(session).respondScaled(List.of(), List.of(random(new Random(1)))))
        .containsExactly(List.of());
    assertThat(responder(session).respondScaled(rows(1, new Random(1)), List.of())).isEmpty();
    assertThat(session.runs().count()).isZero();
  }

  @Test
  void everyFailureOnTheWayLeavesNothingOpen() {
    Random random = new Random(SEED);
    List<TokenRequest.Score> rows = rowsThatBeginAlike(6, random);
    List<ImmutableDoubleArray> gates = Stream.generate(() -> random(random)).limit(3).toList();
    responder(session).respondScaled(rows, gates);
    long runs = session.runs().count();
    int open = Native.open();
    int[] run = {0};
    long[] failing = {0};
    session
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  if (run[0]++ == failing[0]) {
                    throw new OrtException(OrtException.OrtErrorCode.ORT_FAIL, "bad shape");
                  }
                  return runner.run(inputs, outputs);
                });
    for (; failing[0] < runs; failing[0]++) {
      run[0] = 0;
      assertThatThrownBy(() -> responder(session).respondScaled(rows, gates))
          .isInstanceOf(ModelOutputException.class)
          .hasMessageContaining("bad shape");
      assertThat(Native.open()).as("run %s failed", failing[0]).isEqualTo(open);
    }
  }

  @Test
  void anInterruptCancels() {
    List<TokenRequest.Score> rows = rows(6, new Random(SEED));
    responder(session).respondScaled(rows, List.of(random(new Random(SEED))));
    int open = Native.open();
    int[] runs = {0};
    session
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  if (++runs[0] == 5) {
                    Thread.currentThread().interrupt();
                  }
                  return runner.run(inputs, outputs);
                });
    assertThatThrownBy(
            () -> responder(session).respondScaled(rows, List.of(random(new Random(SEED)))))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    assertThat(runs[0]).isEqualTo(5);
    assertThat(Native.open()).isEqualTo(open);
  }

  private static List<TokenRequest.Score> rows(int count, Random random) {
    return scores(NanoSession.rows(count, random));
  }

  private static List<TokenRequest.Score> scores(List<TokenRequest> rows) {
    return rows.stream().map(row -> (TokenRequest.Score) row).toList();
  }

  private static List<TokenRequest.Score> rowsThatBeginAlike(int count, Random random) {
    List<TokenRequest.Score> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ImmutableLongArray.Builder tokens = ImmutableLongArray.builder();
      new Random(1).longs(HEADER, 3, 300).forEach(tokens::add);
      random.longs(4 + random.nextInt(12), 3, 300).forEach(tokens::add);
      ImmutableLongArray whole = tokens.build();
      rows.add(new TokenRequest.Score(whole, whole.length() - 1 - i % 2));
    }
    return rows;
  }

  private static LayerMask mask(Random random) {
    return LayerMask.of(
        LAYERS, random.ints(0, LAYERS).distinct().limit(random.nextInt(7)).toArray());
  }

  private static ImmutableDoubleArray gates(LayerMask mask) {
    return ImmutableDoubleArray.copyOf(
        IntStream.range(0, LAYERS).mapToDouble(layer -> mask.removes(layer) ? 0 : 1));
  }

  /** Few values, so that vectors have beginnings in common. */
  private static ImmutableDoubleArray random(Random random) {
    double[] values = {0, 1, 1, 0.5, 1.25};
    return ImmutableDoubleArray.copyOf(
        random.ints(LAYERS, 0, values.length).mapToDouble(i -> values[i]));
  }

  private static double sum(Response response) {
    return likelihood(response).sum();
  }
}
