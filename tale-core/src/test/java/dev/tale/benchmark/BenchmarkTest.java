package dev.tale.benchmark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BenchmarkTest {

  @Test
  void benchmarksThatThePaperDoesNotAsk_areNotAskedInAConversation() {
    assertThatThrownBy(Benchmark.HELLASWAG::chat)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("hellaswag", "arc_easy", "Tasks.fromFile");
  }

  @Test
  void conversationsHaveNoShots() {
    assertThatThrownBy(() -> Benchmark.GSM8K.chat().shots(Path.of("train.jsonl")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("gsm8k", "without chat()");
  }

  @Test
  void onlyMmluHasSubjects() {
    assertThatThrownBy(() -> Benchmark.ARC_EASY.subject("virology"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("arc_easy", "Benchmark.MMLU");
  }
}
