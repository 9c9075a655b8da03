package dev.tale.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Iterables;
import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages small files: their bytes, and, of JSON, its values. One seed gives one series. */
public final class Mutation {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Values that readers do not expect. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "3",
          "2147483648",
          "9223372036854775808",
          "1e400",
          "1e1000000000",
          "-0.5",
          "\"\"",
          "\"0\"",
          "\"\\ud800\"",
          "\"../../etc/passwd\"",
          "\"{{ x }}{% for i in range(100) %}\"",
          "[]",
          "{}",
          "[1, 1, 0]",
          "[0, 1, 2]",
          "[null, [], {}]",
          "{\"0\": {}}",
          "NaN",
          "[".repeat(2000) + "]".repeat(2000),
          "\"" + "a".repeat(100_000) + "\"");

  /** Texts that mean something to readers. */
  private static final List<String> TEXTS =
      List.of(
          "{", "}", "[", "]", "\"", ",", ":", "{%", "%}", "{{", "}}", "-", "\n", "\0", "\\", "9");

  private final Random random;

  /** Creates the series of a seed. */
  public Mutation(long seed) {
    random = new Random(seed);
  }

  /** Returns the next number from 0 to below a bound. */
  public int next(int bound) {
    return random.nextInt(bound);
  }

  /** Returns a damaged copy. */
  public byte[] of(byte[] original) {
    byte[] damaged = original;
    for (int times = 1 + next(3); times > 0; times--) {
      byte[] before = damaged;
      damaged = next(3) == 0 ? bytes(before) : json(before);
    }
    return damaged;
  }

  private byte[] bytes(byte[] original) {
    int from = next(original.length + 1);
    int to = Math.min(original.length, from + 1 + next(8));
    byte[] before = Arrays.copyOf(original, from);
    byte[] part = Arrays.copyOfRange(original, from, to);
    byte[] after = Arrays.copyOfRange(original, to, original.length);
    return switch (next(5)) {
      case 0 -> before;
      case 1 -> Bytes.concat(before, after);
      case 2 -> Bytes.concat(before, part, part, after);
      case 3 -> Bytes.concat(before, new byte[] {(byte) next(256)}, after);
      default -> Bytes.concat(before, one(TEXTS).getBytes(UTF_8), part, after);
    };
  }

  /** What is not JSON any more has its bytes damaged. */
  private byte[] json(byte[] original) {
    try {
      JsonNode root = JSON.readTree(original);
      List<JsonNode> places = new ArrayList<>();
      collect(root, places);
      if (places.isEmpty()) {
        return bytes(original);
      }
      String mark = "mark" + next(1_000_000);
      damage(places.get(next(places.size())), mark);
      return root.toString().replace('"' + mark + '"', one(VALUES)).getBytes(UTF_8);
    } catch (IOException | StackOverflowError e) {
      return bytes(original);
    }
  }

  private static void collect(JsonNode node, List<JsonNode> places) {
    if (node instanceof ContainerNode<?> && !node.isEmpty()) {
      places.add(node);
    }
    node.forEach(child -> collect(child, places));
  }

  private void damage(JsonNode place, String mark) {
    if (place instanceof ObjectNode object) {
      String name = Iterables.get(object::fieldNames, next(object.size()));
      switch (next(4)) {
        case 0 -> object.remove(name);
        case 1 -> object.put(name + "_", mark);
        default -> object.put(name, mark);
      }
    } else if (place instanceof ArrayNode array) {
      int at = next(array.size());
      switch (next(4)) {
        case 0 -> array.remove(at);
        case 1 -> array.insert(at, array.get(at));
        default -> array.set(at, mark);
      }
    }
  }

  private String one(List<String> texts) {
    return texts.get(next(texts.size()));
  }
}
