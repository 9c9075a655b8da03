package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that says {@code requires dev.tale.onnx} runs on the module path. */
@Tag("slow")
class ModularApplicationTest {
  private static final String REMOVED_ONE_LAYER = "\"layers_removed\": [1]";

  /** The modules that load native code; the same list is in docs/embedding.md. */
  private static final String NATIVE =
      "--enable-native-access=com.microsoft.onnxruntime,ai.djl.tokenizers,com.sun.jna";

  @TempDir static Path directory;

  private static UserApplication application;

  @BeforeAll
  static void compile() throws IOException {
    application = UserApplication.compile(directory);
  }

  @Test
  void runsOnThisJava() throws Exception {
    assertThat(application.runAsModule(JavaHomes.ofThisProcess())).contains(REMOVED_ONE_LAYER);
  }

  @Test
  void runsOnTheNewestJavaWithoutWarnings() throws Exception {
    Optional<Path> newest = JavaHomes.newest();
    assumeTrue(newest.isPresent(), "no newer Java beside the one that runs the tests");
    assertThat(application.runAsModule(newest.get(), NATIVE))
        .contains(REMOVED_ONE_LAYER)
        .doesNotContain("WARNING");
  }

  /** It is not the file's fault, whatever library is asked first. */
  @Test
  void namesTheFlagWhereNativeAccessIsDenied() throws Exception {
    Optional<Path> newest = JavaHomes.newest();
    assumeTrue(newest.isPresent(), "no newer Java beside the one that runs the tests");
    for (String allowed : List.of("com.sun.jna", "ai.djl.tokenizers,com.sun.jna")) {
      assertThat(
              application.failsAsModule(
                  newest.get(),
                  "--illegal-native-access=deny",
                  "--enable-native-access=" + allowed))
          .contains("UnsupportedModelException", "does not load", "--enable-native-access");
    }
  }
}
