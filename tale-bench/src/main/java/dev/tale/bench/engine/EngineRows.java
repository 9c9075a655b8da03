package dev.tale.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.text.PromptEncoder;
import dev.tale.onnx.text.TextTokenizer;
import dev.tale.task.Example;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the engine is measured on: boolean expressions, of which a prompt has as many as make it as
 * long as is wanted, behind solved ones that all prompts have in common.
 *
 * @param rows the questions
 */
public record EngineRows(List<Question> rows) {
  private static final long SEED = 7;
  private static final List<String> CHOICES = List.of("False", "True");

  /**
   * Makes rows.
   *
   * @param model directory with a tokenizer
   * @param depth operators on the longest path of an expression
   * @param headerTokens number of tokens, at least, that all prompts begin with
   * @param rowTokens number of tokens, at least, that follow; 0 for one expression
   */
  public static EngineRows of(Path model, int rows, int depth, int headerTokens, int rowTokens)
      throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.open(model.resolve("tokenizer.json"))) {
      PromptEncoder encoder = new PromptEncoder(tokenizer);
      int perRow = Math.max(1, rowTokens / 12);
      int shots = headerTokens / 12 + 1;
      List<BooleanExpressions.Row> all =
          BooleanExpressions.rows(depth, shots + rows * (perRow + 1), SEED);
      String header = "";
      int next = 0;
      while (encoder.encode(header + "Q").length() < headerTokens) {
        header += solved(all.get(next++));
      }
      List<Question> questions = new ArrayList<>();
      while (questions.size() < rows) {
        String prompt = header + asked(all.get(next));
        int gold = CHOICES.indexOf(all.get(next++).target());
        while (encoder.encode(prompt).length() < headerTokens + rowTokens) {
          prompt = header + solved(all.get(next++)) + prompt.substring(header.length());
        }
        questions.add(new Question(prompt, CHOICES, gold));
      }
      return new EngineRows(questions);
    }
  }

  private static String asked(BooleanExpressions.Row row) {
    return "Q: " + row.input() + "\nA:";
  }

  private static String solved(BooleanExpressions.Row row) {
    return asked(row) + " " + row.target() + "\n\n";
  }

  /** Returns the first rows as a task, scored by acc. */
  Task task(int first) {
    return Task.multipleChoice("engine", rows.subList(0, first), Question::example);
  }

  /** Writes the rows, one JSON object a line, for others to ask the same. */
  void write(Path file) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> lines = new ArrayList<>();
    for (Question row : rows) {
      ObjectNode node = json.createObjectNode();
      node.put("prompt", row.prompt());
      row.choices().forEach(node.putArray("choices")::add);
      node.put("gold", row.gold());
      lines.add(json.writeValueAsString(node));
    }
    Files.write(file, lines);
  }

  /**
   * A question.
   *
   * @param gold which of the choices is right
   */
  record Question(String prompt, List<String> choices, int gold) {
    Example example() {
      return Example.multipleChoice(prompt, choices, gold);
    }
  }
}
