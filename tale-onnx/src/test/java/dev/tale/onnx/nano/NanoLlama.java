package dev.tale.onnx.nano;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The embedded test model: a decoder of 12 layers, trained on generated tasks, with what PyTorch
 * computes with its weights beside it.
 */
public final class NanoLlama {
  private static final String RESOURCES = "/models/nano-llama/";
  private static final String EXPECTED = "/models/nano-llama-expected/";

  private static final List<String> MODEL =
      List.of(
          "model.onnx",
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json");

  private NanoLlama() {}

  /**
   * Returns a directory that holds the model. Made once in a process and deleted when it ends; not
   * to be written to.
   *
   * @throws UncheckedIOException if it cannot be made
   */
  public static Path directory() {
    return Extracted.DIRECTORY;
  }

  /**
   * Returns a copy of the model, to be broken by a test.
   *
   * @param directory an existing directory
   * @throws UncheckedIOException if it cannot be written
   */
  public static Path copyTo(Path directory) {
    try {
      for (String name : MODEL) {
        extract(name, directory.resolve(name));
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Opens a file of the expectations, for example {@code logits.json}.
   *
   * @throws IllegalStateException if there is none
   */
  public static InputStream expected(String name) {
    return open(EXPECTED + name);
  }

  private static void extract(String name, Path file) throws IOException {
    try (InputStream stream = open(RESOURCES + name)) {
      Files.copy(stream, file);
    }
  }

  private static InputStream open(String resource) {
    InputStream stream = NanoLlama.class.getResourceAsStream(resource);
    if (stream == null) {
      throw new IllegalStateException("There is no resource " + resource);
    }
    return stream;
  }

  /** Made when it is first asked for. */
  private static final class Extracted {
    private static final Path DIRECTORY = extract();

    private static Path extract() {
      try {
        Path parent = Files.createTempDirectory("tale-nano-llama-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(parent)));
        return copyTo(Files.createDirectory(parent.resolve("nano-llama")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void delete(Path directory) {
      try {
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
