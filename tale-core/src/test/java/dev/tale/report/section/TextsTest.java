package dev.tale.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.document.MarkdownText;
import dev.tale.document.Shortened;
import org.junit.jupiter.api.Test;

/** How texts and figures are written for people. */
class TextsTest {

  @Test
  void shortened_keepsBothEndsAndWholeCharacters() {
    String thumb = "\ud83d\udc4d";
    String text = thumb.repeat(200) + "end";
    String shown = Shortened.of("start" + text);
    assertThat(shown).startsWith("start" + thumb).endsWith(thumb + "end").contains("\u2026");
    assertThat(shown.codePointCount(0, shown.length())).isEqualTo(181);
    assertThat(Shortened.of("a\r\nb")).isEqualTo("a\u21b5 b");
    assertThat(Shortened.of("x".repeat(181))).isEqualTo("x".repeat(181));
  }

  @Test
  void csv_formulasAreTexts() {
    assertThat(CsvText.plain("=1+1")).isEqualTo("'=1+1");
    assertThat(CsvText.plain("@x")).isEqualTo("'@x");
    assertThat(CsvText.plain("-5")).isEqualTo("'-5");
    assertThat(CsvText.plain("boolq")).isEqualTo("boolq");
    assertThat(CsvText.plain("")).isEmpty();
  }

  @Test
  void markdown_signsAreTexts() {
    assertThat(MarkdownText.escape("a|b\n<c> *d* [e](f) \\ \u0007"))
        .isEqualTo("a\\|b &lt;c&gt; \\*d\\* \\[e\\](f) \\\\ \\\\u0007");
  }

  @Test
  void figures_areBrief() {
    assertThat(Figures.brief(0.834)).isEqualTo(".83");
    assertThat(Figures.brief(1)).isEqualTo("1.0");
    assertThat(Figures.brief(0)).isEqualTo(".00");
    assertThat(Figures.digits(12.30)).isEqualTo("12.3");
    assertThat(Figures.digits(100)).isEqualTo("100");
    assertThat(Figures.digits(0)).isEqualTo("0");
    assertThat(Figures.digits(-0.25)).isEqualTo("-0.25");
    assertThat(Figures.digits(1234.5)).isEqualTo("1235");
    assertThat(Figures.digits(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
  }
}
