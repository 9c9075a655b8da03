package dev.tale.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.evaluate.Progress.Phase;
import dev.tale.evaluate.Progress.Rows;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now;

  private ConsoleProgress progress(boolean terminal) {
    return new ConsoleProgress(new PrintStream(bytes, true, UTF_8), terminal, () -> now);
  }

  private String text() {
    return bytes.toString(UTF_8).replace(System.lineSeparator(), "\n");
  }

  private void seconds(double seconds) {
    now += (long) (seconds * 1e9);
  }

  @Test
  void onATerminalOneLineIsDrawnOverItself() {
    ConsoleProgress progress = progress(true);
    progress.on(new Rows("selection", 29, 0, 100, false));
    seconds(4);
    progress.on(new Rows("selection", 29, 20, 100, false));
    assertThat(text().split("\r", -1))
        .extracting(String::strip)
        .containsExactly(
            "",
            "selection, 29 masks: 0 of 100 rows",
            "selection, 29 masks: 20 of 100 rows, 16 s left");
    bytes.reset();
    progress.on(new Rows("selection", 29, 100, 100, false));
    assertThat(text()).endsWith("\r" + " ".repeat(78) + "\r");
  }

  @Test
  void inALogEachPartIsNamedAndAgainEveryHalfMinute() {
    ConsoleProgress progress = progress(false);
    for (int row = 0; row <= 100; row++) {
      progress.on(new Rows("held-out", 1, row, 100, false));
      seconds(1);
    }
    progress.on(new Phase("measuring latency", 0, 3, "models"));
    progress.on(new Phase("measuring latency", 3, 3, "models"));
    assertThat(text().lines())
        .containsExactly(
            "held-out, 1 mask: 0 of 100 rows",
            "held-out, 1 mask: 31 of 100 rows, 69 s left",
            "held-out, 1 mask: 62 of 100 rows, 38 s left",
            "held-out, 1 mask: 93 of 100 rows, 7 s left",
            "measuring latency: 0 of 3 models");
  }

  /** A pruner without a listener is not mute: one line for each kind of work. */
  @Test
  void theLogIsToldOnceWhenWorkBegins() {
    List<String> messages = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            messages.add(new java.util.logging.SimpleFormatter().formatMessage(entry));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("dev.tale");
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      Progress logged = Progress.logged();
      logged.on(new Rows("selection", 12, 0, 60, false));
      logged.on(new Rows("selection", 11, 60, 60, false));
      logged.on(new Phase("measuring latency", 0, 3, "models"));
      logged.on(new Phase("measuring latency", 3, 3, "models"));
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    assertThat(messages)
        .containsExactly(
            "Scoring 60 rows, selection; give the pruner a listener to hear how it gets on",
            "Begun: measuring latency, 3 models");
  }
}
