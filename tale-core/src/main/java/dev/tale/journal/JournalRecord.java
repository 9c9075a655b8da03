package dev.tale.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.model.LayerMask;
import dev.tale.task.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A {@link UnitResult} as JSON.
 *
 * @param rowSet name of the rows
 * @param rows positions of the rows
 * @param layers number of layers of the original model
 * @param removed removed layers by mask
 * @param correct by mask, one character per row: 1 correct, 0 wrong
 * @param answers by mask, the answer of every row
 * @param work what the unit cost
 */
record JournalRecord(
    String rowSet,
    List<Integer> rows,
    int layers,
    List<List<Integer>> removed,
    List<String> correct,
    List<List<String>> answers,
    Work work) {

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
        result.work());
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
      outcomes.add(outcomes(correct.get(mask), answers.get(mask)));
    }
    return new UnitResult(new WorkUnit(rowSet, rows, masks), outcomes, work);
  }

  private static List<Outcome> outcomes(String bits, List<String> answers) {
    return IntStream.range(0, bits.length())
        .mapToObj(row -> new Outcome(bits.charAt(row) == '1', answers.get(row)))
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
