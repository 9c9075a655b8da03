package dev.tale.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Recorded texts. Run a test with {@code -Dtale.golden=write} to record anew, and read the
 * difference before it is committed.
 */
public final class Golden {
  private static final Path SOURCES = Path.of("src/test/resources/dev/tale");

  private Golden() {}

  /** Compares a text with what {@code dev/tale/golden} holds by that name. */
  public static void check(String name, String actual) throws IOException {
    String file = "golden/" + name;
    if (System.getProperty("tale.golden", "").equals("write")) {
      Files.writeString(SOURCES.resolve(file), actual);
      return;
    }
    try (InputStream in = Golden.class.getResourceAsStream("/dev/tale/" + file)) {
      byte[] recorded = Objects.requireNonNull(in, file).readAllBytes();
      assertThat(actual).as(file).isEqualTo(new String(recorded, StandardCharsets.UTF_8));
    }
  }
}
