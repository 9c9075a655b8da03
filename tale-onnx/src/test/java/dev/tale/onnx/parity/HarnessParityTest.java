package dev.tale.onnx.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The built-in tasks ask, answer and score as lm-evaluation-harness does on the same model. Skipped
 * where the data is not.
 */
class HarnessParityTest {
  private static final Path DATA = Path.of("../../shared/data");
  private static final int EVERY = 20;

  private static @Nullable ParityCheck check;

  @BeforeAll
  static void open() throws IOException {
    assumeThat(DATA).as("rows of the benchmarks, not part of this repository").exists();
    check = ParityCheck.open(DATA);
  }

  @AfterAll
  static void close() {
    if (check != null) {
      check.close();
    }
  }

  static Stream<HarnessRun> runs() {
    return HarnessRun.all().stream();
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("runs")
  void someRows(HarnessRun run) throws IOException {
    assertThat(check.compare(run, EVERY).differences()).isEmpty();
  }

  @Tag("nightly")
  @ParameterizedTest
  @MethodSource("runs")
  void allRows(HarnessRun run) throws IOException {
    assertThat(check.compare(run, 1).differences()).isEmpty();
  }

  static Stream<HarnessRun> answeredRuns() {
    return AnswerParity.runs().stream();
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("answeredRuns")
  void givenAnswers(HarnessRun run) throws IOException {
    assertThat(AnswerParity.differences(run, DATA)).isEmpty();
  }
}
