package dev.tale.onnx.testing;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files on the class path, and copies of them on disk. */
public final class ResourceFiles {
  private static final List<String> MODEL =
      List.of(
          "model.onnx",
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json");

  private ResourceFiles() {}

  /**
   * Opens a file, for example {@code /models/nano-llama/config.json}.
   *
   * @throws IllegalStateException if there is none
   */
  public static InputStream open(String resource) {
    InputStream stream = ResourceFiles.class.getResourceAsStream(resource);
    if (stream == null) {
      throw new IllegalStateException("There is no resource " + resource);
    }
    return stream;
  }

  /** Copies a file to one that does not exist yet. */
  public static void copy(String resource, Path file) throws IOException {
    try (InputStream stream = open(resource)) {
      Files.copy(stream, file);
    }
  }

  /**
   * Copies a model, with its configuration and tokenizer.
   *
   * @param folder for example {@code /models/nano-llama}
   * @param directory an existing directory
   */
  public static void copyModel(String folder, Path directory) throws IOException {
    for (String name : MODEL) {
      copy(folder + "/" + name, directory.resolve(name));
    }
  }

  /** Returns a new directory, deleted when the process ends. */
  public static Path temporaryDirectory(String prefix) throws IOException {
    Path directory = Files.createTempDirectory(prefix);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
    return directory;
  }

  private static void delete(Path directory) {
    try {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
