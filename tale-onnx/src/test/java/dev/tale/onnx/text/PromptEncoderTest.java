package dev.tale.onnx.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptEncoderTest {
  private static final PromptEncoder WITH_BOS = new PromptEncoder(new Letters(true, false));
  private static final PromptEncoder BARE = new PromptEncoder(new Letters(false, false));

  @Test
  void specialTokensAreAddedOnce() {
    assertThat(WITH_BOS.encode("ab")).isEqualTo(tokens(1, 'a', 'b'));
    assertThat(WITH_BOS.encode("\u0001ab")).isEqualTo(tokens(1, 'a', 'b'));
    assertThat(BARE.encode("ab")).isEqualTo(tokens('a', 'b'));
  }

  @Test
  void whatATokenizerPutsAfterATextIsLeftOut() {
    PromptEncoder encoder = new PromptEncoder(new Letters(true, true));
    assertThat(encoder.encode("ab")).isEqualTo(tokens(1, 'a', 'b'));
    assertThat(encoder.encode("ab", "a")).isEqualTo(new Continuation(tokens(1, 'a', 'b', 'a'), 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\n\n", "\t ", "\u00a0", "\u2003", "\u0085", "\u001f"})
  void whiteSpaceAtTheEndOfThePromptBelongsToTheContinuation(String space) {
    Continuation both = BARE.encode("ab" + space, "c");
    assertThat(both.from()).isEqualTo(2);
    assertThat(both.tokens().length()).isEqualTo(3 + space.length());
  }

  @Property(tries = 300)
  void splitsAsTheHarnessDoes(
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 6) String prompt,
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 6)
          String continuation) {
    // "bc" is one token, so the boundary may fall inside a token.
    Letters letters = new Letters(true, false);
    ImmutableLongArray own = letters.encode(prompt, true);
    int context = own.length();
    ImmutableLongArray whole = letters.encode(prompt + continuation, true);
    if (whole.length() <= context) {
      assertThatThrownBy(() -> WITH_BOS.encode(prompt, continuation))
          .isInstanceOf(UnencodableTextException.class)
          .hasMessageContaining(continuation)
          .hasMessageContaining("no tokens of its own");
    } else {
      Continuation both = WITH_BOS.encode(prompt, continuation);
      assertThat(both.from()).isEqualTo(context);
      assertThat(both.tokens().subArray(0, context)).isEqualTo(own);
      assertThat(both.tokens().subArray(context, whole.length()))
          .isEqualTo(whole.subArray(context, whole.length()));
    }
  }

  @Test
  void anEmptyPromptNeedsABeginningOfText() {
    assertThat(WITH_BOS.encode("", "a")).isEqualTo(new Continuation(tokens(1, 'a'), 1));
    for (String prompt : List.of("", " ")) {
      assertThatThrownBy(() -> BARE.encode(prompt, "a"))
          .isInstanceOf(UnencodableTextException.class)
          .hasMessageContaining("adds no BOS token");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00e4", "a\u00e4", "\u00e4a", "b?\u00e4"})
  void aContinuationThatTokensCannotWriteIsRefused(String continuation) {
    assertThatThrownBy(() -> BARE.encode("a", continuation))
        .isInstanceOf(UnencodableTextException.class)
        .hasMessageContaining(continuation);
  }

  @Test
  void thePromptOfSeveralContinuationsIsTokenizedOnce() {
    List<String> encoded = new ArrayList<>();
    PromptEncoder encoder =
        new PromptEncoder(
            new Letters(true, false) {
              @Override
              public ImmutableLongArray encode(String text, boolean addSpecialTokens) {
                encoded.add(text);
                return super.encode(text, addSpecialTokens);
              }
            });
    encoded.clear();
    for (String prompt : List.of("ab", "b")) {
      for (String choice : List.of(" a", " c", " aa")) {
        assertThat(encoder.encode(prompt, choice)).isEqualTo(WITH_BOS.encode(prompt, choice));
      }
    }
    assertThat(encoded).containsExactly("ab", "ab a", "ab c", "ab aa", "b", "b a", "b c", "b aa");
  }

  @Test
  void messagesAreShort() {
    assertThatThrownBy(() -> BARE.encode("a".repeat(9999), "\u00e4".repeat(9999)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
  }

  private static ImmutableLongArray tokens(long... tokens) {
    return ImmutableLongArray.copyOf(tokens);
  }

  /** One token a letter, but for "bc"; other letters are 0, unknown, and decode to "?". */
  private static class Letters implements TextTokenizer {
    private static final long BC = 1000;

    private final boolean bos;
    private final boolean eos;

    Letters(boolean bos, boolean eos) {
      this.bos = bos;
      this.eos = eos;
    }

    @Override
    public ImmutableLongArray encode(String text, boolean addSpecialTokens) {
      ImmutableLongArray.Builder tokens = ImmutableLongArray.builder();
      if (addSpecialTokens && bos) {
        tokens.add(1);
      }
      for (int i = 0; i < text.length(); i++) {
        if (text.startsWith("bc", i)) {
          tokens.add(BC);
          i++;
        } else {
          char letter = text.charAt(i);
          tokens.add(letter > 'z' && !Character.isSpaceChar(letter) && letter != 0x85 ? 0 : letter);
        }
      }
      if (addSpecialTokens && eos) {
        tokens.add(2);
      }
      return tokens.build();
    }

    @Override
    public String decode(ImmutableLongArray tokens, boolean skipSpecialTokens) {
      StringBuilder text = new StringBuilder();
      tokens.forEach(
          token -> text.append(token == BC ? "bc" : token == 0 ? "?" : "" + (char) token));
      return text.toString();
    }

    @Override
    public void close() {}
  }
}
