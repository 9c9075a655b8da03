package dev.tale.onnx.parity;

import dev.tale.onnx.testing.ResourceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The tiny model and what the harness made of it. */
final class ParityFiles {
  private ParityFiles() {}

  /** The text of a file that {@code parity.py} wrote. */
  static String results(String name) {
    try (InputStream stream = ResourceFiles.open("/parity/" + name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies the model into a directory that is deleted when the process ends. */
  static Path model() throws IOException {
    Path directory = ResourceFiles.temporaryDirectory("tale-tiny-tasks-");
    ResourceFiles.copyModel("/models/tiny-tasks", directory);
    return directory;
  }
}
