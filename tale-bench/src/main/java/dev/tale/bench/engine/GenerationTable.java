package dev.tale.bench.engine;

import ai.onnxruntime.OrtException;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import com.sun.management.OperatingSystemMXBean;
import dev.tale.model.LayerMask;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.Responder;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Tokens per second of nano-llama, one thread, no layer removed: every token computed anew, with
 * key-value caches, and in a loop over the original graph as one writes it for ONNX Runtime. The
 * three take turns; medians. The processor's time counts what this process uses, whatever else the
 * machine does.
 */
public final class GenerationTable {
  static final int PROMPT = 40;
  static final int NEW_TOKENS = 64;
  private static final int ROUNDS = 7;

  private GenerationTable() {}

  public static void print() throws IOException, OrtException {
    System.out.println(
        "rows  way          tokens/s  processor us/token   (prompts of "
            + PROMPT
            + " tokens, "
            + NEW_TOKENS
            + " new ones, median of "
            + ROUNDS
            + ")");
    ModelDirectory model = ModelDirectory.open(NanoLlama.directory());
    ResidualStream stream = model.stream();
    SessionConfig thread = SessionConfig.cpu(1);
    try (GatedSession cached = GatedSession.open(stream, thread);
        GatedSession recomputed =
            GatedSession.open(GatedGraph.of(stream, ConditionForm.BOOL), thread);
        PlainGeneration plain = PlainGeneration.open(NanoLlama.directory().resolve("model.onnx"))) {
      for (int rows : new int[] {1, 16}) {
        long[][] prompts = prompts(rows);
        measure(
            rows,
            List.of("recomputed", "cached", "plain"),
            List.of(
                () -> answer(recomputed, prompts),
                () -> answer(cached, prompts),
                () -> plain.generate(prompts, NEW_TOKENS)));
      }
    }
  }

  /** Prompts of one length, as the plain loop wants them. */
  static long[][] prompts(int rows) {
    return IntStream.range(0, rows)
        .mapToObj(row -> LongStream.range(0, PROMPT).map(at -> token(row, at)).toArray())
        .toArray(long[][]::new);
  }

  /** All rows differ, or they would be answered once. */
  private static long token(int row, long at) {
    return 3 + (31 * at + 7L * row) % 300;
  }

  /** Returns the tokens that Tale generates, in print. */
  static List<String> answer(GatedSession session, long[][] prompts) {
    List<TokenRequest> requests =
        Arrays.stream(prompts)
            .<TokenRequest>map(
                prompt ->
                    new TokenRequest.Generate(
                        ImmutableLongArray.copyOf(prompt), List.of(), NEW_TOKENS))
            .toList();
    LayerMask all = LayerMask.none(session.layerCount());
    return new Responder(session, (tokens, skip) -> tokens.toString(), ImmutableSet.of())
        .answer(requests, List.of(all)).responses().get(0).stream().map(Object::toString).toList();
  }

  private static void measure(int rows, List<String> names, List<Way> ways) throws OrtException {
    long[][] wall = new long[ways.size()][ROUNDS];
    long[][] processor = new long[ways.size()][ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      for (int way = 0; way < ways.size(); way++) {
        long began = System.nanoTime();
        long used = processorNanos();
        ways.get(way).run();
        if (round >= 0) {
          wall[way][round] = System.nanoTime() - began;
          processor[way][round] = processorNanos() - used;
        }
      }
    }
    for (int way = 0; way < ways.size(); way++) {
      double tokens = (double) rows * NEW_TOKENS;
      System.out.printf(
          Locale.ROOT,
          "%4d  %-11s  %8.0f  %18.1f%n",
          rows,
          names.get(way),
          tokens / (median(wall[way]) / 1e9),
          median(processor[way]) / 1e3 / tokens);
    }
  }

  private static double median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  /** Generates once. */
  @FunctionalInterface
  private interface Way {
    Object run() throws OrtException;
  }
}
