package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.LayerMask;
import dev.tale.model.Message;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.Response.Stop;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class QuestionTest {
  private static final String TEXT = "Q: not True and False is\nA:";
  private static final LayerMask MASK = LayerMask.of(12, 2, 8);

  @SuppressWarnings("NullAway.Init")
  private static OnnxModel model;

  @BeforeAll
  static void open() throws IOException {
    model = OnnxModel.open(NanoLlama.directory());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void greedyAnswersAreThoseOfRespond() {
    for (LayerMask mask : List.of(LayerMask.none(12), MASK)) {
      Request request = new Request.Generation(TEXT, List.of("\n\n"), 12);
      assertThat(model.ask(TEXT).under(mask).atMost(12).stoppingAt("\n\n").answer())
          .isEqualTo(model.respond(List.of(request), List.of(mask)).get(0).get(0));
    }
  }

  @Test
  void likelihoodsAreThoseOfRespond() {
    Request request = new Request.LogLikelihood(TEXT, " False");
    assertThat(model.ask(TEXT).under(MASK).likelihood(" False"))
        .isEqualTo(model.respond(List.of(request), List.of(MASK)).get(0).get(0));
  }

  @Test
  void conversationsAreRenderedByTheTemplate() {
    Prompt chat = Prompt.chat(List.of(Message.user("not True and False is")));
    assertThat(model.ask(chat).atMost(8).answer())
        .isEqualTo(
            model
                .respond(
                    List.of(new Request.Generation(chat, List.of(), 8)),
                    List.of(LayerMask.none(12)))
                .get(0)
                .get(0));
  }

  @ParameterizedTest
  @CsvSource({"40, ''", "40, e", "40, ' F'", "1, ''", "12, 'alse\n\nQ: '"})
  void piecesAreTheAnswer(int tokens, String stop) {
    List<String> pieces = new ArrayList<>();
    Question question = model.ask(TEXT).atMost(tokens).tellingTo(pieces::add);
    Question stopping = stop.isEmpty() ? question : question.stoppingAt(stop, "never seen");
    for (Question asked : List.of(stopping, stopping.sampling(2, 1, 5))) {
      pieces.clear();
      Response.Generation answer = asked.answer();
      assertThat(String.join("", pieces)).isEqualTo(answer.text());
      assertThat(pieces).doesNotContain("");
      assertThat(pieces.size()).isLessThanOrEqualTo(answer.tokens());
    }
  }

  @Test
  void piecesComeOneByOne() {
    List<String> pieces = new ArrayList<>();
    Response.Generation answer = model.ask(TEXT).atMost(20).tellingTo(pieces::add).answer();
    assertThat(answer.stop()).isNotEqualTo(Stop.NOT_A_NUMBER);
    assertThat(pieces).hasSizeGreaterThan(1);
  }

  @Test
  void theSameSeedGivesTheSameAnswer() {
    Question question = model.ask(TEXT).atMost(16).sampling(3, 1, 7);
    Response.Generation answer = question.answer();
    assertThat(question.answer()).isEqualTo(answer);
    Set<String> texts = new HashSet<>();
    for (long seed = 0; seed < 8; seed++) {
      texts.add(model.ask(TEXT).atMost(16).sampling(3, 1, seed).answer().text());
    }
    assertThat(texts).hasSizeGreaterThan(4);
  }

  @Test
  void aColdOrNarrowDrawIsGreedy() {
    Response.Generation greedy = model.ask(TEXT).atMost(8).answer();
    assertThat(model.ask(TEXT).atMost(8).sampling(1e-3, 1, 1).answer()).isEqualTo(greedy);
    assertThat(model.ask(TEXT).atMost(8).sampling(5, 1e-9, 1).answer()).isEqualTo(greedy);
  }

  /** Frequencies of the first token beside its probability, by log-likelihood. */
  @Test
  void drawsFollowTheProbabilities() {
    Question question = model.ask("Q: True and").atMost(1);
    String likeliest = question.answer().text();
    double probability = Math.exp(question.likelihood(likeliest).sum());
    int draws = 400;
    int same = 0;
    for (long seed = 0; seed < draws; seed++) {
      same += question.sampling(1, 1, seed).answer().text().equals(likeliest) ? 1 : 0;
    }
    double deviation = Math.sqrt(probability * (1 - probability) / draws);
    assertThat((double) same / draws)
        .isBetween(probability - 4 * deviation - 1e-9, probability + 4 * deviation + 1e-9);
  }

  @Test
  void aListenerThatThrowsEndsTheAnswer() {
    Question question =
        model
            .ask(TEXT)
            .tellingTo(
                piece -> {
                  throw new IllegalStateException("enough");
                });
    assertThatThrownBy(question::answer).hasMessageContaining("enough");
    assertThat(model.ask(TEXT).atMost(2).answer().tokens()).isPositive();
  }

  @Test
  void badSettings() {
    Question question = model.ask(TEXT);
    assertThatThrownBy(() -> question.sampling(0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("temperature is 0.0", "greater than 0");
    assertThatThrownBy(() -> question.sampling(1, 1.5, 1)).hasMessageContaining("topP is 1.5");
    assertThatThrownBy(() -> question.atMost(0)).hasMessageContaining("maxNewTokens is 0");
    assertThatThrownBy(() -> question.stoppingAt("")).hasMessageContaining("stop string is empty");
    assertThatThrownBy(() -> question.under(LayerMask.none(3)).answer())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> question.atMost(1_000_000).answer())
        .isInstanceOf(UnanswerableRequestException.class)
        .hasMessageContaining("lower maxNewTokens");
  }
}
