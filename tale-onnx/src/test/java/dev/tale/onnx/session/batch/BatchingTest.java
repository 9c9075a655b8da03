package dev.tale.onnx.session.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.batch.BatchSize.Shares;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchingTest {
  private static final int HEADER = 100;
  private static final long GIBIBYTE = 1L << 30;

  private GatedGraph graph;
  private GatedGraph cachingGraph;

  @BeforeEach
  void gate() throws IOException {
    ResidualStream stream =
        ResidualStream.find(OnnxGraph.read(NanoLlama.directory().resolve("model.onnx")));
    graph = GatedGraph.of(stream, ConditionForm.BOOL);
    cachingGraph = GatedGraph.withCaches(stream, ConditionForm.BOOL);
  }

  @Test
  void rowsOfOrdinaryLengthAreNotLimitedByMemory() {
    for (int length : new int[] {40, 150, 300}) {
      assertThat(batching(1).forReading(whole(32, length), Shares.ALL))
          .extracting(Group::size)
          .containsExactly(16, 16);
    }
  }

  @Test
  void longRowsAreReadInSmallerBatches() {
    BatchMemory memory = BatchMemory.of(graph, cachingGraph, GIBIBYTE);
    for (int length = 1000; length <= 64_000; length *= 2) {
      List<Group> groups = batching(1).forReading(whole(32, length), Shares.ALL);
      assertThat(groups.stream().mapToInt(Group::size).sum()).isEqualTo(32);
      for (Group group : groups) {
        assertThat(group.size() == 1 || memory.bytes(group.batches().get(0)) <= GIBIBYTE)
            .as("%d rows of %d tokens", group.size(), length)
            .isTrue();
      }
    }
    assertThat(batching(1).forReading(whole(4, 64_000), Shares.ALL))
        .extracting(Group::size)
        .containsExactly(1, 1, 1, 1);
    assertThat(batching(1).forEmbedding(whole(4, 64_000), Shares.ALL)).hasSize(4);
  }

  @Test
  void groupsAreNoLargerThanTheirShare() {
    List<Sequence> rows = behindAHeader(40);
    assertThat(batching(1).forReading(rows, Shares.ALL)).hasSize(1);
    Group all = batching(1).forReading(rows, Shares.ALL).get(0);
    assertThat(all.batches().size()).isGreaterThan(3);
    BatchSize size = new BatchSize();
    size.failed(all);
    List<Group> halves = batching(1).forReading(rows, size.now());
    assertThat(halves.size()).isBetween(2, 3);
    assertThat(halves)
        .allSatisfy(
            group ->
                assertThat(group.cachedTokens()).isLessThanOrEqualTo((all.cachedTokens() + 1) / 2));
  }

  @Test
  void everyLaneDecodesSomeOfTheRows() {
    List<TokenRequest.Generate> requests =
        behindAHeader(40).stream()
            .map(row -> new TokenRequest.Generate(row.tokens(), List.of(), 64))
            .toList();
    assertThat(batching(1).forGeneration(requests, Shares.ALL))
        .extracting(Group::size)
        .containsExactly(40);
    assertThat(batching(2).forGeneration(requests, Shares.ALL))
        .extracting(Group::size)
        .containsExactly(20, 20);
    assertThat(batching(2).forGeneration(requests.subList(0, 10), Shares.ALL))
        .extracting(Group::size)
        .containsExactly(8, 2);
  }

  private Batching batching(int lanes) {
    return new Batching(graph, cachingGraph, SessionConfig.cpu(1), lanes);
  }

  private static List<Sequence> whole(int rows, int length) {
    return IntStream.range(0, rows).mapToObj(row -> row(0, length, new Random(row))).toList();
  }

  private static List<Sequence> behindAHeader(int rows) {
    return IntStream.range(0, rows).mapToObj(i -> row(HEADER, 5 + i, new Random(i))).toList();
  }

  private static Sequence row(int header, int tokens, Random random) {
    ImmutableLongArray.Builder all = ImmutableLongArray.builder();
    new Random(1).longs(header, 3, 300).forEach(all::add);
    random.longs(tokens, 3, 300).forEach(all::add);
    ImmutableLongArray whole = all.build();
    return new Sequence(whole, List.of(new Probe(whole.length() - 1, RequestPlan.ANY_TOKEN)));
  }
}
