package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.Request;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConcatTest {
  private static final Task LAW = subject("law", 2);
  private static final Task ART = subject("art", 3).withChat(ChatFormat.standard());
  private static final Task BOTH = Task.concat("both", List.of(LAW, ART));

  private static Task subject(String name, int rows) {
    List<Example> pool = List.of(Example.multipleChoice(name + "?", List.of("A", "B"), 0));
    return Task.multipleChoice(
            name,
            IntStream.range(0, rows).boxed().toList(),
            i ->
                Example.multipleChoice(name + i, List.of("A", "B"), i % 2)
                    .withId(name + ".csv:" + i))
        .withPromptFormat(PromptFormat.standard().withDescription("On " + name + ".\n\n"))
        .withShots(Shots.first(1, pool));
  }

  private static List<List<Request>> requests(Task task) {
    return IntStream.range(0, task.size()).mapToObj(task::requests).toList();
  }

  @Test
  void concat_everyRowIsAskedAsInItsOwnTask() {
    assertThat(BOTH.size()).isEqualTo(5);
    assertThat(requests(BOTH))
        .isEqualTo(Stream.concat(requests(LAW).stream(), requests(ART).stream()).toList());
    assertThat(BOTH.rowName(2)).isEqualTo("art.csv:0");
    assertThat(requests(BOTH.slice(1, 3))).isEqualTo(List.of(LAW.requests(1), ART.requests(0)));
    Task nested = Task.concat("all", List.of(BOTH, subject("zoo", 1)));
    assertThat(nested.requests(4)).isEqualTo(ART.requests(2));
    assertThat(nested.requests(5)).isEqualTo(subject("zoo", 1).requests(0));
  }

  @Test
  void concat_changesReachEveryRow() {
    Task plain = BOTH.withShots(Shots.none()).withPromptFormat(PromptFormat.standard());
    assertThat(plain.requests(0))
        .containsExactly(
            new Request.LogLikelihood("law0", " A"), new Request.LogLikelihood("law0", " B"));
  }

  @Test
  void concat_dataSplit_isTheCautiousOne() {
    Task train = LAW.withDataSplit(DataSplit.TRAIN);
    Task test = ART.withDataSplit(DataSplit.TEST);
    assertThat(Task.concat("t", List.of(train, test)).dataSplit()).isEqualTo(DataSplit.TEST);
    assertThat(Task.concat("t", List.of(train, ART)).dataSplit()).isEqualTo(DataSplit.UNSPECIFIED);
    Task more = ART.withDataSplit(DataSplit.TRAIN);
    assertThat(Task.concat("t", List.of(train, more)).dataSplit()).isEqualTo(DataSplit.TRAIN);
  }

  @Test
  void concat_contentHash_coversEveryPart() {
    Task otherPool = subject("art", 3).withShots(Shots.none());
    assertThat(
            Stream.of(
                BOTH,
                Task.concat("both", List.of(ART, LAW)),
                Task.concat("both", List.of(LAW, subject("art", 3))),
                Task.concat("both", List.of(LAW, otherPool)),
                BOTH.slice(0, 4)))
        .extracting(Task::contentHash)
        .doesNotHaveDuplicates();
    assertThat(Task.concat("both", List.of(LAW, ART.slice(0, 2))).contentHash())
        .isEqualTo(BOTH.slice(0, 4).contentHash());
    assertThat(Task.concat("law", List.of(LAW)).contentHash()).isEqualTo(LAW.contentHash());
  }

  @Test
  void concat_whatDoesNotFit_isRefused() {
    assertThatThrownBy(() -> Task.concat("none", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task none");
    assertThatThrownBy(() -> Task.concat("twice", List.of(LAW, LAW)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Task twice", "law.csv:0", "same identifier");
    Task norm = ART.withMetric(Metric.accNorm());
    assertThatThrownBy(() -> Task.concat("mixed", List.of(LAW, norm)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Task mixed", "law", "acc_norm");
  }
}
