package dev.tale.bench.engine;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.model.RunStatistics;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.Responder;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What it spares to run once what all prompts begin with when answers are generated: prompts of
 * different lengths behind one header, no layer removed, with sharing and without, in turns;
 * medians. Refuses to print times of answers that differ.
 */
public final class SharedGenerationTable {
  private static final int HEADER = 100;
  private static final int ROUNDS = 3;
  private static final int LARGEST_TOKEN = 300;

  private SharedGenerationTable() {}

  public static void print(Path directory) throws IOException {
    System.out.println(
        "rows  new tokens  threads  way      seconds   runs  layer-forwards  padding   (prompts of "
            + HEADER
            + " common and 4 to 34 own tokens, median of "
            + ROUNDS
            + ")");
    ModelDirectory model = ModelDirectory.open(directory);
    TreeSet<Integer> threads =
        new TreeSet<>(List.of(1, Runtime.getRuntime().availableProcessors()));
    for (int count : threads) {
      SessionConfig config = SessionConfig.cpu(count);
      try (GatedSession shared = GatedSession.open(model.stream(), config);
          GatedSession apart = GatedSession.open(model.stream(), config.sharingNothing())) {
        for (int rows : new int[] {16, 32}) {
          for (int newTokens : new int[] {16, 64}) {
            compare(List.of(shared, apart), count, requests(rows, newTokens));
          }
        }
      }
    }
  }

  /** Returns prompts of different lengths behind one header. */
  static List<TokenRequest> requests(int rows, int newTokens) {
    return IntStream.range(0, rows)
        .<TokenRequest>mapToObj(row -> new TokenRequest.Generate(prompt(row), List.of(), newTokens))
        .toList();
  }

  private static ImmutableLongArray prompt(int row) {
    ImmutableLongArray.Builder tokens = ImmutableLongArray.builder();
    new Random(1).longs(HEADER, 3, LARGEST_TOKEN).forEach(tokens::add);
    tokens.add(3 + row);
    new Random(row).longs(3 + (7 * row) % 31, 3, LARGEST_TOKEN).forEach(tokens::add);
    return tokens.build();
  }

  private static void compare(
      List<GatedSession> sessions, int threads, List<TokenRequest> requests) {
    List<List<Double>> seconds = List.of(new ArrayList<>(), new ArrayList<>());
    for (int round = -1; round < ROUNDS; round++) {
      for (int way = 0; way < sessions.size(); way++) {
        long began = System.nanoTime();
        answers(sessions.get(way), requests);
        if (round >= 0) {
          seconds.get(way).add((System.nanoTime() - began) / 1e9);
        }
      }
    }
    if (!answers(sessions.get(0), requests).equals(answers(sessions.get(1), requests))) {
      throw new IllegalStateException(
          "Sharing changes the answers to " + requests.size() + " rows");
    }
    for (int way = 0; way < sessions.size(); way++) {
      print(
          requests,
          threads,
          way == 0 ? "shared" : "apart",
          seconds.get(way).stream().sorted().skip(ROUNDS / 2).findFirst().orElseThrow(),
          sessions.get(way));
    }
  }

  private static void print(
      List<TokenRequest> requests, int threads, String way, double seconds, GatedSession session) {
    RunStatistics before = session.statistics();
    answers(session, requests);
    RunStatistics after = session.statistics();
    System.out.printf(
        Locale.ROOT,
        "%4d  %10d  %7d  %-6s  %8.3f  %5d  %14d  %7d%n",
        requests.size(),
        ((TokenRequest.Generate) requests.get(0)).maxNewTokens(),
        threads,
        way,
        seconds,
        after.runs() - before.runs(),
        after.layerForwards() - before.layerForwards(),
        after.padding() - before.padding());
  }

  /** Returns the answers of the whole model. */
  static List<Response> answers(GatedSession session, List<TokenRequest> requests) {
    LayerMask all = LayerMask.none(session.layerCount());
    return new Responder(session, (tokens, skip) -> tokens.toString(), ImmutableSet.of())
        .answer(requests, List.of(all))
        .responses()
        .get(0);
  }
}
