package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.onnx.UserApplication.Run;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tale runs with Spark's Jackson, beside its Scala module with its own, and with the newest. */
@Tag("slow")
class JacksonVersionsTest {
  private static final String REMOVED_ONE_LAYER = "\"layers_removed\": [1]";

  private static final String SCALA = "registered [com.fasterxml.jackson.module.scala";

  @TempDir static Path directory;

  private static UserApplication application;

  @BeforeAll
  static void compile() throws IOException {
    application = UserApplication.compile(directory);
  }

  @Test
  void theNewest() throws Exception {
    Run run =
        application.runOnClassPath(UserApplication.librariesWith("jackson-newest"), "example.Main");
    assertThat(run.output()).contains(REMOVED_ONE_LAYER);
  }

  @Test
  void ownBesideTheScalaModuleOfSpark() throws Exception {
    Run run = application.runBesideScala(UserApplication.libraries());
    assertThat(run.output()).contains(SCALA, REMOVED_ONE_LAYER);
  }

  @Test
  @Tag("nightly")
  void thatOfSpark() throws Exception {
    Run run = application.runBesideScala(UserApplication.librariesWith("jackson-spark"));
    assertThat(run.output()).contains(SCALA, REMOVED_ONE_LAYER);
  }

  /** Why the libraries do not ask for the newest. */
  @Test
  void theScalaModuleRefusesTheNewest() throws Exception {
    Run run = application.runBesideScala(UserApplication.librariesWith("jackson-newest"));
    assertThat(run.output()).contains("Scala module 2.21.2 requires Jackson Databind version");
    assertThat(run.status()).isNotZero();
  }
}
