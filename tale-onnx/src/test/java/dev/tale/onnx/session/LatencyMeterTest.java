package dev.tale.onnx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.evaluate.Cost;
import dev.tale.evaluate.Cost.TokenCost;
import dev.tale.model.LatencyMeter;
import dev.tale.model.LatencyMeter.Latencies;
import dev.tale.model.LatencyMeter.Times;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Timing;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.policy.BudgetNotMetException;
import dev.tale.policy.TradeOff;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever happens, the temporary files are gone and the native objects closed. */
@Tag("slow")
class LatencyMeterTest {
  private static final double LEAST_SPEEDUP_OF_HALF = 1.3;
  private static final double MOST_SPEEDUP_OF_HALF = 3.0;
  private static final LayerMask ALL = LayerMask.none(12);
  private static final LayerMask HALF = LayerMask.of(12, 1, 3, 5, 7, 9, 11);
  private static final Timing SHORT = new Timing(1, 2, 6, Duration.ofSeconds(20));
  private static final Task TASK = BooleanExpressions.task(3, 40, 7);
  private static final List<Request> REQUESTS =
      IntStream.range(0, TASK.size()).mapToObj(TASK::requests).flatMap(List::stream).toList();

  private static OnnxModel model;
  private List<Path> filesBefore;
  private int openBefore;

  @BeforeAll
  static void open() throws IOException {
    model = OnnxModel.builder(NanoLlama.directory()).device(Device.cpu(1)).open();
    model.check(REQUESTS); // Loads it, which a test would count.
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @BeforeEach
  void look() throws IOException {
    filesBefore = temporaryFiles();
    openBefore = Native.open();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(temporaryFiles()).isEqualTo(filesBefore);
    assertThat(Native.open()).as("native objects open").isEqualTo(openBefore);
  }

  /** Those of this process: other tests run beside it. */
  private static List<Path> temporaryFiles() throws IOException {
    String prefix = "tale-latency-" + ProcessHandle.current().pid() + "-";
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  private static LatencyMeter meter() {
    return model.latencyMeter().orElseThrow();
  }

  /** Other work on the machine may take part in one measurement, but hardly in three. */
  @Test
  void latencyFallsWhenHalfOfTheLayersGo() throws IOException {
    Timing timing = new Timing(1, 3, 31, Duration.ofSeconds(30));
    Latencies latencies = meter().measure(List.of(ALL, HALF), REQUESTS, timing);
    for (int again = 0; again < 2 && !isPlausible(latencies); again++) {
      latencies = meter().measure(List.of(ALL, HALF), REQUESTS, timing);
    }
    assertThat(latencies.models()).extracting(Times::mask).containsExactly(ALL, HALF);
    assertThat(latencies.models()).allSatisfy(times -> assertThat(times.nanos()).hasSize(31));
    assertThat(latencies.threads()).isEqualTo(1);
    assertThat(latencies.runtime()).contains("ONNX Runtime", "CPU");
    assertThat(latencies.prompts()).isEqualTo(TASK.size());
    assertThat(latencies.tokens()).isGreaterThan(5L * TASK.size());
    Cost baseline = Cost.of(latencies.models().get(0));
    Cost half = Cost.of(latencies.models().get(1));
    assertThat(baseline.speedup().value()).isEqualTo(1);
    assertThat(half.speedup().value())
        .as("%s", half)
        .isBetween(LEAST_SPEEDUP_OF_HALF, MOST_SPEEDUP_OF_HALF);
    assertThat(half.speedup().interval().low()).isGreaterThan(1);
    assertThat(half.latencySeconds().value()).isLessThan(baseline.latencySeconds().value());
    assertThat(half.bytes()).isLessThan(baseline.bytes());
    assertThat(baseline.bytes())
        .isCloseTo(
            Files.size(NanoLlama.directory().resolve("model.onnx")), Percentage.withPercentage(1));
  }

  private static boolean isPlausible(Latencies latencies) {
    double speedup = Cost.of(latencies.models().get(1)).speedup().value();
    return speedup >= LEAST_SPEEDUP_OF_HALF && speedup <= MOST_SPEEDUP_OF_HALF;
  }

  /** A batch of sixteen shorter and longer prompts takes longer than one prompt. */
  @Test
  void batchesAreRunWhole() throws IOException {
    Timing sixteen = new Timing(16, 2, 9, Duration.ofSeconds(20));
    Cost one = Cost.of(meter().measure(List.of(ALL), REQUESTS, SHORT).models().get(0));
    Cost many = Cost.of(meter().measure(List.of(ALL), REQUESTS, sixteen).models().get(0));
    assertThat(many.latencySeconds().value()).isGreaterThan(3 * one.latencySeconds().value());
  }

  /** Half of the layers take about half of the time; what is decoded, another test checks. */
  @Test
  void generatedTokensAreTimedAfterTheirPrompts() throws IOException {
    List<Request> generations =
        IntStream.range(0, 20)
            .<Request>mapToObj(
                i -> new Request.Generation("max " + i % 10 + " " + i % 7 + " 3 =", List.of(), 13))
            .toList();
    Timing timing = new Timing(4, 3, 21, Duration.ofSeconds(30));
    Latencies latencies = meter().measure(List.of(ALL, HALF), generations, timing);
    TokenCost baseline = Cost.of(latencies.models().get(0)).perToken().orElseThrow();
    TokenCost half = Cost.of(latencies.models().get(1)).perToken().orElseThrow();
    assertThat(baseline.tokens()).isEqualTo(12);
    assertThat(baseline.speedup().value()).isEqualTo(1);
    assertThat(half.speedup().value()).as("%s", half).isBetween(1.2, 3.5);
    assertThat(half.speedup().interval().low()).isGreaterThan(1);
    assertThat(half.seconds().value()).isLessThan(baseline.seconds().value());
    assertThat(latencies.models())
        .allSatisfy(times -> assertThat(times.perToken().orElseThrow().nanos()).hasSize(21))
        .extracting(times -> times.perToken().orElseThrow().baselineNanos())
        .containsOnly(latencies.models().get(0).perToken().orElseThrow().nanos());
  }

  @Test
  void noTokensAreTimedWhereNoneFollowAPrompt() throws IOException {
    List<Request> one = List.of(new Request.Generation("max 3 4 =", List.of(), 1));
    assertThat(meter().measure(List.of(ALL), one, SHORT).models().get(0).perToken()).isEmpty();
    assertThat(meter().measure(List.of(ALL), REQUESTS, SHORT).models().get(0).perToken()).isEmpty();
  }

  @Test
  void theSizeOfTheFilesIsKnownBeforeTheyAreWritten() throws IOException {
    long written = meter().measure(List.of(ALL), REQUESTS, SHORT).models().get(0).bytes();
    assertThat(meter().bytes()).isCloseTo(written, Percentage.withPercentage(1));
    Path external = Fixtures.named("llama31-genai-fp32").directory();
    try (OnnxModel several = OnnxModel.builder(external).device(Device.cpu(1)).open();
        Stream<Path> files = Files.list(external)) {
      long onDisk =
          files
              .filter(file -> file.getFileName().toString().contains(".onnx"))
              .mapToLong(file -> file.toFile().length())
              .sum();
      assertThat(several.latencyMeter().orElseThrow().bytes())
          .isCloseTo(onDisk, Percentage.withPercentage(5));
    }
  }

  @Test
  void anEncoderIsTimedOnItsTexts() throws IOException {
    Path directory = Fixtures.named("bert-torchscript").directory();
    try (OnnxModel encoder = OnnxModel.builder(directory).device(Device.cpu(1)).open()) {
      int layers = encoder.info().layerCount();
      List<LayerMask> masks = List.of(LayerMask.none(layers), LayerMask.of(layers, 0));
      List<Request> pairs =
          List.of(new Request.Similarity("a b c", "d"), new Request.Similarity("e f", "d"));
      Timing inPairs = new Timing(2, 1, 6, Duration.ofSeconds(20));
      Latencies latencies = encoder.latencyMeter().orElseThrow().measure(masks, pairs, inPairs);
      assertThat(latencies.prompts()).isEqualTo(3);
      assertThat(latencies.models())
          .allSatisfy(times -> assertThat(times.nanos()).hasSize(6).allMatch(nanos -> nanos > 0));
    }
  }

  @Test
  void timeIsLimited() throws IOException {
    Timing endless = new Timing(1, 1, 1_000_000, Duration.ofMillis(1));
    Latencies latencies = meter().measure(List.of(ALL, HALF), REQUESTS, endless);
    assertThat(latencies.models())
        .allSatisfy(times -> assertThat(times.nanos()).hasSize(Timing.MIN_TURNS));
  }

  @Test
  void aMaskThatCannotBeWrittenLeavesNothing() {
    LayerMask nothing = LayerMask.of(12, IntStream.range(0, 12).toArray());
    refused(List.of(ALL, HALF, nothing), REQUESTS, "");
    refused(List.of(ALL, LayerMask.none(5)), REQUESTS, "5 layers");
    refused(List.of(), REQUESTS, "0 masks");
    refused(List.of(ALL), List.of(), "0 requests");
  }

  private static void refused(List<LayerMask> masks, List<Request> requests, String part) {
    assertThatThrownBy(() -> meter().measure(masks, requests, SHORT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(part);
  }

  @Test
  void anInterruptLeavesNothing() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> meter().measure(List.of(ALL, HALF), REQUESTS, SHORT))
          .isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    }
  }

  @Test
  void aClosedModelIsNotMeasured() throws IOException {
    OnnxModel closed = OnnxModel.builder(NanoLlama.directory()).device(Device.cpu(1)).open();
    LatencyMeter meter = closed.latencyMeter().orElseThrow();
    closed.close();
    assertThatThrownBy(() -> meter.measure(List.of(ALL), REQUESTS, SHORT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aSearchEndsInAFrontAndABudgetIsHeld() throws IOException {
    PruneResult result = Tale.pruner().timing(SHORT).prune(model, TASK);
    assertThat(result.pathCosts().orElseThrow().costs()).hasSameSizeAs(result.report().path());
    assertThat(result.pathCosts().orElseThrow().paretoFront()).isNotEmpty();
    assertThat(result.toString()).contains("1 threads, median [95 % interval]", "Pareto front");
    TradeOff impossible = TradeOff.latencyAtMost(Duration.ofNanos(1));
    assertThat(result.choice(impossible).met()).isFalse();
    PruneResult chosen =
        Tale.pruner().timing(SHORT).tradeOff(TradeOff.memoryAtMost(1)).prune(model, TASK);
    assertThatThrownBy(chosen::chosen).isInstanceOf(BudgetNotMetException.class);
    assertThat(chosen.report().trajectory()).isEqualTo(result.report().trajectory());
  }
}
