package dev.tale.onnx.parity;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files on the class path: the tiny model and what the harness made of it. */
final class ResourceFiles {
  private static final String MODEL = "/models/tiny-tasks/";
  private static final List<String> MODEL_FILES =
      List.of(
          "model.onnx",
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json");

  private ResourceFiles() {}

  /** The text of a file that {@code parity.py} wrote. */
  static String results(String name) {
    try (InputStream stream = open("/parity/" + name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies the model into a directory that is deleted when the process ends. */
  static Path model() throws IOException {
    Path directory = Files.createTempDirectory("tale-tiny-tasks-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
    for (String name : MODEL_FILES) {
      try (InputStream stream = open(MODEL + name)) {
        Files.copy(stream, directory.resolve(name));
      }
    }
    return directory;
  }

  private static InputStream open(String resource) {
    InputStream stream = ResourceFiles.class.getResourceAsStream(resource);
    if (stream == null) {
      throw new IllegalStateException("There is no resource " + resource);
    }
    return stream;
  }

  private static void delete(Path directory) {
    try {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
