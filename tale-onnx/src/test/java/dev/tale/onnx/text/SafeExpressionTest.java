package dev.tale.onnx.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeExpressionTest {
  /** More characters than the prompts of published contexts have. */
  private static final double MANY = 400_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\s+",
        " {2,}",
        "\\((?=[ \\w])",
        "[\\r\\x00]",
        "'s|'t|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
        " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+",
        "[0-9][0-9][0-9]",
        "\\p{N}{1,3}",
        "(?i:'s|'t)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+",
        "(?i:'s|'t|'re)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
            + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
      })
  void publishedExpressionsBearLongTexts(String source) throws UnsafeExpressionException {
    assertThat(SafeExpression.parse(source).maxCharacters()).isGreaterThan(MANY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a*b", "(?=(\\d{3})+(?!\\d))", "\\s+(?!\\S)", "[a-z]+\\d", "x(?=.*y)"})
  void whatMayGoOverATextAgainBearsShortOnes(String source) throws UnsafeExpressionException {
    assertThat(SafeExpression.parse(source).maxCharacters()).isBetween(10_000.0, 30_000.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$",
        "(?:a|b)*",
        "(?:a?)+",
        "(?:x*)*",
        "\\s*\\s*\\s*x",
        "a*a*b",
        "(?:a+b?)?a*c",
        "(?:.|\\n)*answer",
        "(a)\\1",
        "(?<name>a)",
        "(?x) a",
        "a(?i)b",
        "\\Ka",
        "\\G",
        "(?R)",
        "a{1000}{1000}",
        "(?:(?:a{100}){100}){100}",
        "a{1001}",
        "a{1,3}+",
        "a**",
        "[]a]",
        "[a",
        "(a",
        "a)",
        "\\p{L",
        "\\",
        "{",
        "*"
      })
  void whatMayTakeTooManyStepsOrIsUnknownIsRefused(String source) {
    assertThatThrownBy(() -> SafeExpression.parse(source))
        .as(source)
        .isInstanceOf(UnsafeExpressionException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a*", "(?=a)", "\\b", "^", "a|", "(?:ab)?"})
  void whatMatchesNothingIsKnownToDo(String source) throws UnsafeExpressionException {
    assertThat(SafeExpression.parse(source).minWidth()).isZero();
  }
}
