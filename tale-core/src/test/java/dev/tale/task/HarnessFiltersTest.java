package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Compares filters and exact_match with those of lm-evaluation-harness on the same texts, see
 * {@code src/test/python}.
 */
class HarnessFiltersTest {
  private static final JsonNode HARNESS = Resource.json("harness.json");

  private static void assertAll(Extraction extraction, JsonNode pairs) {
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    for (JsonNode pair : pairs) {
      String text = pair.get(0).textValue();
      // The harness stops where there are too few matches.
      String answer = pair.get(1).isNull() ? Extraction.INVALID : pair.get(1).textValue();
      expected.add(text + " -> " + answer);
      actual.add(text + " -> " + extraction.extract(text));
    }
    assertThat(actual).as(extraction.description()).isNotEmpty().isEqualTo(expected);
  }

  @Test
  void regex() {
    assertThat(HARNESS.get("regex")).hasSizeGreaterThan(30);
    for (JsonNode filter : HARNESS.get("regex")) {
      assertAll(
          Extraction.match(filter.get(0).textValue(), filter.get(1).intValue()), filter.get(2));
    }
  }

  @Test
  void transformations() {
    assertAll(Extraction.trimmed(), HARNESS.get("trimmed"));
    assertAll(Extraction.lowerCase(), HARNESS.get("lowerCase"));
    assertAll(Extraction.upperCase(), HARNESS.get("upperCase"));
  }

  @Test
  void exactMatch() {
    assertThat(HARNESS.get("exactMatch")).isNotEmpty();
    for (JsonNode options : HARNESS.get("exactMatch")) {
      ExactMatch metric = metric(options);
      for (JsonNode pair : options.get(3)) {
        String answer = pair.get(0).textValue();
        String reference = pair.get(1).textValue();
        assertThat(metric.matches(answer, reference))
            .as("%s of <%s> and <%s>", metric, answer, reference)
            .isEqualTo(pair.get(2).booleanValue());
      }
    }
  }

  private static ExactMatch metric(JsonNode options) {
    String[] ignored =
        StreamSupport.stream(options.get(0).spliterator(), false)
            .map(JsonNode::textValue)
            .toArray(String[]::new);
    ExactMatch metric = Metric.exactMatch().ignoring(ignored);
    metric = options.get(1).booleanValue() ? metric.ignoringCase() : metric;
    return options.get(2).booleanValue() ? metric.ignoringPunctuation() : metric;
  }
}
