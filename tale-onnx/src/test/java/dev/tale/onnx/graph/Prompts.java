package dev.tale.onnx.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import dev.tale.onnx.graph.OrtModel.Array;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Random token sequences, right-padded, and the runs that tests make on them. */
public final class Prompts {
  private final int batch;
  private final int sequence;
  private final long[] ids;
  private final long[] mask;

  private Prompts(int batch, int sequence, long[] ids, long[] mask) {
    this.batch = batch;
    this.sequence = sequence;
    this.ids = ids;
    this.mask = mask;
  }

  public long[] ids() {
    return ids;
  }

  public static Prompts random(int batch, int sequence, int vocabulary, long seed) {
    Random random = new Random(seed);
    long[] ids = random.longs((long) batch * sequence, 0, vocabulary).toArray();
    long[] mask = new long[batch * sequence];
    for (int row = 0; row < batch; row++) {
      int length = row == 0 ? sequence : 1 + random.nextInt(sequence);
      for (int column = 0; column < sequence; column++) {
        mask[row * sequence + column] = column < length ? 1 : 0;
      }
    }
    return new Prompts(batch, sequence, ids, mask);
  }

  /** Rows of equal length. */
  public static Prompts of(JsonNode tokenIds) {
    return ofDifferentLengths(ImmutableList.copyOf(tokenIds));
  }

  /** Rows padded on the right with token 0. */
  public static Prompts ofDifferentLengths(List<JsonNode> rows) {
    int sequence = rows.stream().mapToInt(JsonNode::size).max().orElseThrow();
    long[] ids = new long[rows.size() * sequence];
    long[] mask = new long[ids.length];
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column < rows.get(row).size(); column++) {
        ids[row * sequence + column] = rows.get(row).get(column).asLong();
        mask[row * sequence + column] = 1;
      }
    }
    return new Prompts(rows.size(), sequence, ids, mask);
  }

  /** Returns the flat position of each row's last token. */
  public long[] lastPositions() {
    return IntStream.range(0, batch)
        .mapToLong(
            row -> {
              int start = row * sequence;
              return start + Arrays.stream(mask, start, start + sequence).sum() - 1;
            })
        .toArray();
  }

  /** Returns the columns from one to another, without padding. */
  public Prompts columns(int from, int to) {
    long[] part =
        IntStream.range(0, batch * (to - from))
            .mapToLong(i -> ids[i / (to - from) * sequence + from + i % (to - from)])
            .toArray();
    return new Prompts(batch, to - from, part, LongStream.of(part).map(id -> 1).toArray());
  }

  /** Inputs for tokens that come after {@code past} others. */
  public Map<String, Array> feedsAfter(int past, Iterable<String> inputs) {
    Map<String, Array> feeds = feeds(inputs);
    long[] ones = LongStream.generate(() -> 1).limit((long) batch * (past + sequence)).toArray();
    feeds.computeIfPresent(
        "attention_mask", (name, array) -> new Array(ones, batch, past + sequence));
    long[] positions = LongStream.range(0, ids.length).map(i -> past + i % sequence).toArray();
    feeds.computeIfPresent("position_ids", (name, a) -> new Array(positions, batch, sequence));
    return feeds;
  }

  /** The usual inputs, of those that the model has. */
  public Map<String, Array> feeds(Iterable<String> inputs) {
    long[] positions = LongStream.range(0, ids.length).map(i -> i % sequence).toArray();
    Map<String, Array> feeds = new LinkedHashMap<>();
    for (String input : inputs) {
      switch (input) {
        case "input_ids" -> feeds.put(input, new Array(ids, batch, sequence));
        case "attention_mask" -> feeds.put(input, new Array(mask, batch, sequence));
        case "position_ids" -> feeds.put(input, new Array(positions, batch, sequence));
        default -> {}
      }
    }
    return feeds;
  }

  /** Those and an empty cache. */
  public Map<String, Array> feedsWithEmptyPast(Iterable<String> inputs, int heads, int headSize) {
    Map<String, Array> feeds = feeds(inputs);
    for (String input : inputs) {
      feeds.computeIfAbsent(input, name -> new Array(new float[0], batch, heads, 0, headSize));
    }
    return feeds;
  }
}
