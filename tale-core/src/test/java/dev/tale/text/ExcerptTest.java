package dev.tale.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExcerptTest {
  @Test
  void aShortText_isShownWhole() {
    assertThat(Excerpt.of("a".repeat(80))).isEqualTo("a".repeat(80));
    assertThat(Excerpt.of(List.of("a", "b"))).isEqualTo("[a, b]");
    assertThat(Excerpt.ofEach(List.of("a", "b"))).isEqualTo("a, b");
  }

  @Test
  void aLongText_isCutAtWholeCharacters() {
    assertThat(Excerpt.of("a".repeat(1_000_000))).isEqualTo("a".repeat(80) + "...");
    assertThat(Excerpt.of("a".repeat(79) + "\uD83D\uDE00")).isEqualTo("a".repeat(79) + "...");
    assertThat(Excerpt.of(Collections.nCopies(1_000_000, "b".repeat(1000)))).hasSize(83);
    assertThat(Excerpt.ofEach(Collections.nCopies(11, "c"))).endsWith("c, ... (11 in all)");
  }
}
