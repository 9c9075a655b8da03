package dev.tale.onnx.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.onnx.session.runtime.Native;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Tests of one session of nano-llama each, that leave no native object open. A session may be
 * closed twice.
 */
abstract class WithNanoSession {
  private int openBefore;
  GatedSession session;

  /** Opens the session of a test: here with the form that has caches. */
  GatedSession openSession() throws IOException {
    return NanoSession.openCaching();
  }

  @BeforeEach
  final void open() throws IOException {
    openBefore = Native.open();
    session = openSession();
  }

  @AfterEach
  final void everyNativeObjectIsClosed() {
    session.close();
    session.close();
    assertThat(Native.open()).as("native objects open").isEqualTo(openBefore);
  }
}
