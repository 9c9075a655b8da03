package dev.tale.onnx.nano;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code dump_tasks.py} wrote of one difficulty of a task.
 *
 * @param task its name in {@code tasks.py}
 * @param difficulty depth, modulus, pairs or digits
 * @param correct rows that PyTorch has right: the most likely of all tokens is the answer
 * @param total rows asked
 * @param examples some of them
 */
record TrainedTask(String task, int difficulty, int correct, int total, List<Example> examples) {

  /**
   * A row.
   *
   * @param tokens its prompt by transformers
   */
  record Example(String input, String target, ImmutableLongArray tokens) {

    private static Example of(JsonNode json) {
      return new Example(
          json.at("/input").asText(),
          json.at("/target").asText(),
          ExpectedLogits.longs(json.at("/token_ids")));
    }
  }

  static List<TrainedTask> all() throws IOException {
    List<TrainedTask> all = new ArrayList<>();
    for (JsonNode json : ExpectedLogits.json("tasks.json")) {
      List<Example> examples = new ArrayList<>();
      json.at("/examples").forEach(example -> examples.add(Example.of(example)));
      all.add(
          new TrainedTask(
              json.at("/task").asText(),
              json.at("/difficulty").asInt(),
              json.at("/correct").asInt(),
              json.at("/total").asInt(),
              examples));
    }
    return all;
  }

  static List<Example> allExamples() throws IOException {
    return all().stream().flatMap(task -> task.examples().stream()).toList();
  }
}
