package dev.tale.onnx.session.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Response.Generation;
import dev.tale.model.Response.Stop;
import dev.tale.onnx.session.batch.TokenRequest;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens are bytes of UTF-8, or words of several; 256 is a special token, 257 ends. */
class DraftRulesTest {
  private static final long SPECIAL = 256;
  private static final long END = 257;
  private static final List<String> WORDS = List.of("<end>", " the", "ab\n", "\nQ:");
  private static final long FIRST_WORD = 300;
  private static final DraftRules RULES =
      new DraftRules(DraftRulesTest::text, ImmutableSet.of(END, 258L));

  @Test
  void accept_stopInTheMiddleOfAToken_cutsTheToken() {
    assertThat(answer(9, List.of("b"), word("ab\n")))
        .isEqualTo(new Generation("a", 1, Stop.STOP_STRING));
  }

  @Test
  void accept_stopOverSeveralTokens_endsAtTheLastOfThem() {
    assertThat(answer(9, List.of("b\n\nQ"), 'x', word("ab\n"), word("\nQ:"), 'y'))
        .isEqualTo(new Generation("xa", 3, Stop.STOP_STRING));
  }

  @Test
  void accept_severalStops_theFirstInTheTextCuts() {
    assertThat(answer(9, List.of("\n", "a"), word("ab\n")))
        .isEqualTo(new Generation("", 1, Stop.STOP_STRING));
  }

  @Test
  void accept_characterOverSeveralTokens_stopsWhenItIsWhole() {
    byte[] euro = "€".getBytes(UTF_8);
    assertThat(answer(9, List.of("€"), 'x', euro[0] & 0xff, euro[1] & 0xff, euro[2] & 0xff))
        .isEqualTo(new Generation("x", 4, Stop.STOP_STRING));
  }

  @Test
  void response_tokensRunOutInACharacter_leavesItOut() {
    byte[] face = "😀".getBytes(UTF_8);
    for (int bytes = 1; bytes < face.length; bytes++) {
      long[] tokens = new long[1 + bytes];
      tokens[0] = 'x';
      for (int i = 0; i < bytes; i++) {
        tokens[1 + i] = face[i] & 0xff;
      }
      assertThat(answer(tokens.length, List.of(), tokens))
          .isEqualTo(new Generation("x", tokens.length, Stop.LENGTH));
    }
    assertThat(
            answer(
                5, List.of(), 'x', face[0] & 0xff, face[1] & 0xff, face[2] & 0xff, face[3] & 0xff))
        .isEqualTo(new Generation("x😀", 5, Stop.LENGTH));
  }

  @Test
  void response_brokenBytesWithin_stayAsTheDecoderWritesThem() {
    assertThat(answer(2, List.of(), 0xff, 'x'))
        .isEqualTo(new Generation("\uFFFDx", 2, Stop.LENGTH));
  }

  @Test
  void accept_anyOfTheEndTokens_ends() {
    assertThat(answer(9, List.of(), 'x', END))
        .isEqualTo(new Generation("x", 1, Stop.END_OF_SEQUENCE));
    assertThat(answer(9, List.of(), 258)).isEqualTo(new Generation("", 0, Stop.END_OF_SEQUENCE));
  }

  @Test
  void accept_specialTokenAsStop_isFoundThoughItIsNotInTheText() {
    assertThat(answer(9, List.of("<special>"), 'x', SPECIAL, 'y'))
        .isEqualTo(new Generation("x", 2, Stop.STOP_STRING));
  }

  @Test
  void accept_stopWithTheLastToken_isAStop() {
    assertThat(answer(2, List.of("y"), 'x', 'y'))
        .isEqualTo(new Generation("x", 2, Stop.STOP_STRING));
  }

  @Test
  void accept_stopInThePrompt_doesNotCount() {
    Draft draft =
        new Draft(new TokenRequest.Generate(ImmutableLongArray.of('\n', 'Q'), List.of("\nQ"), 2));
    RULES.accept(draft, ':', 0);
    assertThat(draft.isOpen()).isTrue();
  }

  @Test
  void accept_notANumber_keepsWhatCameBefore() {
    Draft draft = draft(9, List.of());
    RULES.accept(draft, 'x', -1);
    RULES.accept(draft, 'y', Float.NaN);
    assertThat(RULES.response(draft)).isEqualTo(new Generation("x", 1, Stop.NOT_A_NUMBER));
  }

  private static Generation answer(int most, List<String> stops, long... tokens) {
    Draft draft = draft(most, stops);
    for (int i = 0; draft.isOpen(); i++) {
      RULES.accept(draft, tokens[i], -1);
    }
    return (Generation) RULES.response(draft);
  }

  private static Draft draft(int most, List<String> stops) {
    return new Draft(new TokenRequest.Generate(ImmutableLongArray.of('p'), stops, most));
  }

  private static long word(String word) {
    return FIRST_WORD + WORDS.indexOf(word);
  }

  private static String text(ImmutableLongArray tokens, boolean skipSpecialTokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    tokens.forEach(
        token -> {
          if (token >= FIRST_WORD) {
            bytes.writeBytes(WORDS.get((int) (token - FIRST_WORD)).getBytes(UTF_8));
          } else if (token < SPECIAL) {
            bytes.write((int) token);
          } else if (!skipSpecialTokens) {
            bytes.writeBytes("<special>".getBytes(UTF_8));
          }
        });
    return bytes.toString(UTF_8);
  }
}
