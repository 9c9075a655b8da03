package dev.tale.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MarkupTest {

  @Test
  void escape_signs() {
    assertThat(Markup.escape("<a href=\"x\">'&amp;'</a>"))
        .isEqualTo("&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;");
  }

  @Test
  void escape_writesOutWhatAPageCannotHold() {
    assertThat(Markup.escape("a\u0000b\u001b\u0085\ud800\ufffe\ufdd0"))
        .isEqualTo("a\\u0000b\\u001B\\u0085\\uD800\\uFFFE\\uFDD0");
    assertThat(Markup.escape(new String(Character.toChars(0x1FFFF)))).isEqualTo("\\u1FFFF");
  }

  @Test
  void escape_writesOutWhatReordersText() {
    assertThat(Markup.escape("\u202eabc\u2066\u200f")).isEqualTo("\\u202Eabc\\u2066\\u200F");
  }

  @Test
  void escape_keepsLettersOfAllScripts() {
    String text = "\u05d0\u0627\u4e2d \ud83d\udc4d a\u0301\n\tz";
    assertThat(Markup.escape(text)).isEqualTo(text);
  }

  @Test
  void escape_anyTextIsWellFormedAndReadBack() throws IOException {
    long seed = 20250113;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      StringBuilder text = new StringBuilder();
      int[] limits = {0x80, 0x300, 0x10000, 0x110000};
      for (int i = 0; i < 20; i++) {
        text.appendCodePoint(random.nextInt(limits[random.nextInt(4)]));
      }
      String escaped = Markup.escape(text.toString());
      Xml read = Xml.parse("<a b=\"" + escaped + "\">" + escaped + "</a>");
      StringBuilder visible = new StringBuilder();
      text.codePoints()
          .forEach(
              c ->
                  visible.append(
                      Markup.isVisible(c)
                          ? Character.toString(c)
                          : Markup.escape(Character.toString(c))));
      assertThat(read.texts("/a").get(0))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(visible.toString());
    }
  }
}
