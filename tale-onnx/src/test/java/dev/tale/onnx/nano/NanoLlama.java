package dev.tale.onnx.nano;

import dev.tale.onnx.testing.ResourceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The embedded test model: a decoder of 12 layers, trained on generated tasks, with what PyTorch
 * computes with its weights beside it.
 */
public final class NanoLlama {
  private static final String MODEL = "/models/nano-llama";
  private static final String EXPECTED = "/models/nano-llama-expected/";

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
      ResourceFiles.copyModel(MODEL, directory);
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
    return ResourceFiles.open(EXPECTED + name);
  }

  /** Made when it is first asked for. */
  private static final class Extracted {
    private static final Path DIRECTORY = extract();

    private static Path extract() {
      try {
        Path parent = ResourceFiles.temporaryDirectory("tale-nano-llama-");
        return copyTo(Files.createDirectory(parent.resolve("nano-llama")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
