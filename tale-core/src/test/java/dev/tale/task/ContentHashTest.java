package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContentHashTest {
  private static final List<Example> POOL =
      Stream.of("s", "t", "u", "v").map(s -> Example.generation("Say " + s, s)).toList();

  private static Task task() {
    return task("name", row -> Example.generation("Say " + row, row), Decoding.until("\n"));
  }

  private static Task task(String name, Function<String, Example> toExample, Decoding decoding) {
    return Task.generation(name, List.of("a", "b", "c"), toExample, decoding);
  }

  @Test
  void contentHash_sameContent_same() {
    assertThat(task().contentHash()).isEqualTo(task().contentHash()).matches("[0-9a-f]{64}");
  }

  /**
   * Fixed for good: a journal of today must be found to be of the same task tomorrow. Computed
   * apart with Python's hashlib from the encoding that {@link ContentHash} documents.
   */
  @Test
  void contentHash_isStable() {
    assertThat(task().contentHash())
        .isEqualTo("615afe64c52ab434b5ee6d7386e363919ba74669ac9b7b2aef8e04beeeed55c4");
    assertThat(
            Task.multipleChoice(
                    "çoğul",
                    List.of(0, 1),
                    gold -> Example.multipleChoice("Soru İı " + gold, List.of("x", "y"), gold))
                .withMetric(Metric.accNorm())
                .contentHash())
        .isEqualTo("20f01ed240ba4e7bf5d317dda088618770210b99b6ed93738ac2099be6402f34");
  }

  @Test
  void contentHash_everythingThatCounts_changesIt() {
    List<UnaryOperator<Task>> changes =
        List.of(
            t -> t,
            t -> t.slice(0, 2),
            t -> t.slice(1, 3),
            t -> t.withMetric(Metric.exactMatch().ignoringCase()),
            t -> t.withMetric(Metric.ofAnswers("mine", String::equals)),
            t -> t.withMetric(Metric.ofAnswers("mine 2", String::equals)),
            t -> t.withExtraction(Extraction.asIs()),
            t -> t.withExtraction(Extraction.firstMatch("a")),
            t -> t.withPromptFormat(PromptFormat.standard().withDescription("d")),
            t -> t.withPromptFormat(PromptFormat.standard().withTargetDelimiter("")),
            t -> t.withPromptFormat(PromptFormat.standard().withFewShotDelimiter("\n")),
            t -> t.withShots(Shots.first(2, POOL)),
            t -> t.withShots(Shots.first(3, POOL)),
            t -> t.withShots(Shots.first(2, POOL.subList(0, 3))),
            t -> t.withShots(Shots.sampled(2, 0, POOL)),
            t -> t.withShots(Shots.sampled(2, 1, POOL)),
            t -> t.withChat(ChatFormat.standard()),
            t -> t.withChat(ChatFormat.standard().withShotsAsTurns()),
            t -> t.withChat(ChatFormat.standard().withSystem("s")),
            t -> t.withChat(ChatFormat.standard().withAnswerStart("s")),
            t -> t.withDataSplit(DataSplit.TEST),
            t -> t.withDataSplit(DataSplit.TRAIN),
            t -> t.withMaxNewTokens(8),
            t -> t.withDecoding(new Decoding(List.of(), 256)),
            t -> t.withMetric(Metric.numeric()),
            t -> t.withMetric(Metric.numeric(0)),
            t -> t.withMetric(Metric.hendrycksMath()),
            t -> t.withMetric(Metric.minervaMath()),
            t -> t.withExtraction(Extraction.match("a", 1)),
            t -> t.withExtraction(Extraction.before("a", "b")),
            t -> t.withExtraction(Extraction.before("a\", \"b")),
            t -> t.withExtraction(Extraction.hendrycksMath()),
            t -> t.withExtraction(Extraction.minervaMath()),
            t -> t.withExtraction(Extraction.boxed()),
            t -> t.withExtraction(Extraction.lastNumber()),
            t -> t.withExtraction(Extraction.finalInteger()));
    List<Task> others =
        List.of(
            task("other", row -> Example.generation("Say " + row, row), Decoding.until("\n")),
            task("name", row -> Example.generation("Say  " + row, row), Decoding.until("\n")),
            task("name", row -> Example.generation("Say " + row, row, "z"), Decoding.until("\n")),
            task(
                "name",
                row -> Example.generation("Say " + row, row).withId(row),
                Decoding.until("\n")),
            task("name", row -> Example.generation("Say " + row, row), Decoding.until("\n", "z")),
            task(
                "name",
                row -> Example.generation("Say " + row, row),
                new Decoding(List.of("\n"), 9)));
    assertThat(Stream.concat(changes.stream().map(change -> change.apply(task())), others.stream()))
        .extracting(Task::contentHash)
        .doesNotHaveDuplicates();
  }

  @Test
  void contentHash_contextsAreNoChoices() {
    List<String> two = List.of("x", "y");
    List<Example> examples =
        List.of(
            Example.multipleChoice("z", two, 0),
            Example.multipleContexts(two, "z", 0),
            Example.multipleContexts(two, "z", 1),
            Example.multipleContexts(two, "x", 0),
            Example.multipleContexts(List.of("x", "y", "z"), "z", 0));
    assertThat(examples.stream().map(e -> Task.multipleChoice("t", List.of(e), x -> x)))
        .extracting(Task::contentHash)
        .doesNotHaveDuplicates();
  }

  @Test
  void encoding_textsCannotRunIntoEachOther() {
    assertThat(new ContentHash().add("ab").add("c").hex())
        .isNotEqualTo(new ContentHash().add("a").add("bc").hex());
    assertThat(new ContentHash().addAll(List.of("a")).add("b").hex())
        .isNotEqualTo(new ContentHash().addAll(List.of("a", "b")).hex());
  }
}
