package dev.tale.journal;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.task.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link UnitResult} as JSON.
 *
 * @param rowSet name of the rows
 * @param rows positions of the rows
 * @param layers number of layers of the original model
 * @param removed removed layers by mask
 * @param correct by mask, one character per row: 1 correct, 0 wrong
 * @param answers by mask, the answer of every row
 * @param options by mask, the scores of every row's options, see {@link Options}; empty if no row
 *     has any
 * @param work what the unit cost
 */
record JournalRecord(
    String rowSet,
    List<Integer> rows,
    int layers,
    List<List<Integer>> removed,
    List<String> correct,
    List<List<String>> answers,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<List<Options>> options,
    Work work) {

  /** Fields without a value have none in the file. */
  JournalRecord {
    options = options == null ? List.of() : options;
  }

  /**
   * Scores of a row's options as a list: the scores, none if there are none, and after them mass,
   * position of the greedy option, text and logarithm of the probability of the most likely token.
   */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"scores", "mass", "greedy", "top", "topLogProbability"})
  record Options(
      List<Double> scores, double mass, int greedy, String top, double topLogProbability) {

    private static final Options NONE = new Options(List.of(), 0, 0, "", 0);

    static Options of(Outcome outcome) {
      Outcome.Scores options = outcome.options();
      return options == null
          ? NONE
          : new Options(
              options.scores(),
              options.mass(),
              options.greedy(),
              options.top().text(),
              options.top().logProbability());
    }

    Outcome.@Nullable Scores toScores() {
      return scores.isEmpty()
          ? null
          : new Outcome.Scores(scores, mass, greedy, new Response.Top(top, topLogProbability));
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  static JournalRecord of(UnitResult result) {
    WorkUnit unit = result.unit();
    return new JournalRecord(
        unit.rowSet(),
        unit.rows(),
        unit.masks().get(0).layers(),
        unit.masks().stream().map(LayerMask::removed).toList(),
        result.outcomes().stream().map(JournalRecord::bits).toList(),
        result.outcomes().stream()
            .map(each -> each.stream().map(Outcome::answer).toList())
            .toList(),
        options(result.outcomes()),
        result.work());
  }

  private static List<List<Options>> options(List<List<Outcome>> outcomes) {
    boolean any = outcomes.stream().flatMap(List::stream).anyMatch(each -> each.options() != null);
    return any
        ? outcomes.stream().map(each -> each.stream().map(Options::of).toList()).toList()
        : List.of();
  }

  private static String bits(List<Outcome> outcomes) {
    return outcomes.stream().map(each -> each.correct() ? "1" : "0").collect(Collectors.joining());
  }

  UnitResult toResult() {
    List<LayerMask> masks =
        removed.stream()
            .map(r -> LayerMask.of(layers, r.stream().mapToInt(Integer::intValue).toArray()))
            .toList();
    List<List<Outcome>> outcomes = new ArrayList<>();
    for (int mask = 0; mask < masks.size(); mask++) {
      outcomes.add(
          outcomes(
              correct.get(mask),
              answers.get(mask),
              options.isEmpty() ? List.of() : options.get(mask)));
    }
    return new UnitResult(new WorkUnit(rowSet, rows, masks), outcomes, work);
  }

  private static List<Outcome> outcomes(String bits, List<String> answers, List<Options> options) {
    return IntStream.range(0, bits.length())
        .mapToObj(
            row ->
                new Outcome(
                    bits.charAt(row) == '1',
                    answers.get(row),
                    options.isEmpty() ? null : options.get(row).toScores()))
        .toList();
  }

  static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A journal record cannot be written as JSON", e);
    }
  }

  static <T> T read(String json, Class<T> type) throws JsonProcessingException {
    return JSON.readValue(json, type);
  }
}
