package dev.tale.onnx.session;

import static dev.tale.onnx.session.NanoSession.LAYERS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.model.Response.Stop;
import dev.tale.onnx.session.batch.TokenRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecomputingGeneratorTest {
  private static final LayerMask ALL = LayerMask.none(LAYERS);
  private static final int NEW_TOKENS = 5;

  private GatedSession session;
  private TokenRequest.Generate request;
  private ImmutableLongArray greedy;

  @BeforeEach
  void open() throws IOException {
    session = NanoSession.open();
    request = (TokenRequest.Generate) NanoSession.generation(12, NEW_TOKENS, new Random(3));
    greedy = greedy(request.input(), NEW_TOKENS);
  }

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void everyTokenIsTheLikeliestAfterThoseBefore() {
    assertThat(answer(ImmutableSet.of()))
        .isEqualTo(
            new Response.Generation(NanoSession.text(greedy, true), NEW_TOKENS, Stop.LENGTH));
  }

  @Test
  void theEndTokenIsNotPartOfTheText() {
    int first = greedy.indexOf(greedy.get(NEW_TOKENS - 1));
    assertThat(answer(ImmutableSet.of(greedy.get(first))))
        .isEqualTo(
            new Response.Generation(
                NanoSession.text(greedy.subArray(0, first), true), first, Stop.END_OF_SEQUENCE));
  }

  @Test
  void aStopStringMayStraddleTokens() {
    String text = NanoSession.text(greedy, true);
    String stop = "," + greedy.get(2) + ",";
    int cut = text.indexOf(stop);
    Response.Generation answer = answer(ImmutableSet.of(), "never", stop);
    assertThat(answer.text()).isEqualTo(text.substring(0, cut));
    assertThat(answer.stop()).isEqualTo(Stop.STOP_STRING);
    assertThat(answer.tokens()).isBetween(2, 3);
  }

  @Test
  void theFirstOfTheStopStringsCuts() {
    Response.Generation answer = answer(ImmutableSet.of(), ",", String.valueOf(greedy.get(0)));
    assertThat(answer).isEqualTo(new Response.Generation("", 1, Stop.STOP_STRING));
  }

  @Test
  void draftsOfDifferentLengthsEndByThemselves() {
    List<TokenRequest> requests = new ArrayList<>();
    Random random = new Random(4);
    for (int i = 0; i < 20; i++) {
      requests.add(NanoSession.generation(5 + random.nextInt(20), 1 + i % 6, random));
    }
    List<LayerMask> masks = List.of(ALL, LayerMask.of(LAYERS, 4), LayerMask.of(LAYERS, 1, 7));
    List<List<Response>> answers =
        NanoSession.responder(session).answer(requests, masks).responses();
    for (int mask = 0; mask < masks.size(); mask++) {
      for (int i = 0; i < requests.size(); i++) {
        Response.Generation answer = (Response.Generation) answers.get(mask).get(i);
        assertThat(answer.tokens()).isBetween(0, 1 + i % 6);
        assertThat(answer)
            .as("alone and in company")
            .isEqualTo(
                NanoSession.responder(session)
                    .answer(List.of(requests.get(i)), List.of(masks.get(mask)))
                    .responses()
                    .get(0)
                    .get(0));
      }
    }
  }

  private Response.Generation answer(ImmutableSet<Long> ends, String... stops) {
    TokenRequest asked =
        new TokenRequest.Generate(request.input(), List.of(stops), request.maxNewTokens());
    return (Response.Generation)
        new Responder(session, NanoSession::text, ends)
            .answer(List.of(asked), List.of(ALL))
            .responses()
            .get(0)
            .get(0);
  }

  private ImmutableLongArray greedy(ImmutableLongArray prompt, int newTokens) {
    ImmutableLongArray tokens = prompt;
    for (int i = 0; i < newTokens; i++) {
      float[] logits = session.output(tokens, List.of(tokens.length() - 1), ALL).get(0);
      tokens = ImmutableLongArray.builder().addAll(tokens).add(argmax(logits)).build();
    }
    return tokens.subArray(prompt.length(), tokens.length());
  }

  private static long argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
