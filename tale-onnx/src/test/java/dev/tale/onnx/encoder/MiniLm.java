package dev.tale.onnx.encoder;

import dev.tale.onnx.testing.ResourceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * all-MiniLM-L6-v2, a sentence encoder of 6 layers and 22 M parameters, in a directory as it would
 * be deployed. Made once in a process and deleted when it ends; not to be written to.
 */
final class MiniLm {
  static final int LAYERS = 6;

  private static final String CONFIG =
      """
      {
        "architectures": ["BertModel"],
        "hidden_size": 384,
        "max_position_embeddings": 512,
        "model_type": "bert",
        "num_hidden_layers": 6
      }
      """;

  private MiniLm() {}

  static Path directory() {
    return Extracted.DIRECTORY;
  }

  /** Made when it is first asked for. */
  private static final class Extracted {
    private static final Path DIRECTORY = extract();

    private static Path extract() {
      try {
        Path directory = ResourceFiles.temporaryDirectory("tale-minilm-");
        copy("all-minilm-l6-v2.onnx", directory.resolve("model.onnx"));
        copy("all-minilm-l6-v2-tokenizer.json", directory.resolve("tokenizer.json"));
        Files.writeString(directory.resolve("config.json"), CONFIG);
        return directory;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** From another module: the class loader finds it, a class does not. */
    private static void copy(String resource, Path file) throws IOException {
      ClassLoader loader = MiniLm.class.getClassLoader();
      try (InputStream in = Objects.requireNonNull(loader.getResourceAsStream(resource))) {
        Files.copy(in, file);
      }
    }
  }
}
