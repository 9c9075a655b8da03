package dev.tale.onnx.checkpoint.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import dev.tale.files.NamedFailure;
import dev.tale.files.StagedDirectory;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A Hugging Face folder of a GGUF file's numbers, dequantized to float32, with its settings and its
 * tokenizer: the form in which the file is run.
 */
public final class GgufFolder {
  /** Hidden, so that it is not taken for a file of the model. */
  private static final String ORIGIN = ".gguf.json";

  private static final String SHA256 = "sha256";
  private static final String MADE = "made";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private GgufFolder() {}

  /**
   * Checks that a file is one whole model that can be run, before anything is written.
   *
   * @return bytes that its folder takes on disk, but for some megabytes of settings
   * @throws dev.tale.model.ModelFormatException if it is malformed
   * @throws dev.tale.model.UnsupportedModelException if it is of a kind that is not run
   */
  public static long bytes(GgufFile file) throws IOException {
    GgufMetadata metadata = new GgufMetadata(file);
    metadata.requireModel();
    new GgufTokenizer(file).tokenizer();
    DequantizedWeights weights = new DequantizedWeights(file);
    Checkpoint.check(metadata.source(), GgufConfig.of(file), weights.shapes());
    return weights.bytes();
  }

  /**
   * Makes the folder, unless it is there already, made of the same file. Nothing that is half
   * written is ever by that name.
   *
   * @param folder one that does not exist, is empty, or was made by this
   * @return SHA-256 of the file
   * @throws FileAlreadyExistsException if it has other content
   * @throws dev.tale.model.ModelFormatException if the file is malformed or has changed, or the
   *     folder has changed since it was made
   * @throws dev.tale.model.UnsupportedModelException if it is of a kind that is not run
   * @throws FileSystemException if the disk has too little space
   * @throws IOException if it cannot be written
   */
  public static String make(GgufFile file, Path folder) throws IOException {
    long bytes = bytes(file);
    String hash = file.sha256();
    file.requireUntouched();
    if (isOf(folder, hash)) {
      return hash;
    }
    try (StagedDirectory staged = StagedDirectory.beside(folder)) {
      requireSpace(staged.path(), folder, bytes);
      write(file, staged.path());
      ObjectNode origin = JSON.createObjectNode();
      origin.put("file", String.valueOf(file.file().getFileName())).put(SHA256, hash);
      origin.set(MADE, hashes(staged.path()));
      write(staged.path(), ORIGIN, origin);
      file.requireUntouched();
      staged.commit();
      return hash;
    }
  }

  /** Hashes of the files of a folder, by name. */
  private static ObjectNode hashes(Path folder) throws IOException {
    ObjectNode hashes = JSON.createObjectNode();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> !each.endsWith(ORIGIN)).sorted().toList()) {
        hashes.put(
            file.getFileName().toString(),
            MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString());
      }
    }
    return hashes;
  }

  private static boolean isOf(Path folder, String hash) throws IOException {
    Path origin = folder.resolve(ORIGIN);
    if (!Files.isRegularFile(origin)) {
      return false;
    }
    JsonNode root = JSON.readTree(Files.readString(origin));
    if (root.path(SHA256).asText().equals(hash)) {
      if (root.path(MADE).equals(hashes(folder))) {
        return true;
      }
      throw new ModelFormatException(
          folder
              + ": files have changed since they were made of "
              + root.path("file")
              + "; delete the folder, or give another folder for the weights");
    }
    throw new FileAlreadyExistsException(
        folder.toString(),
        null,
        "was made of another file, " + root.path("file") + "; give another folder for the weights");
  }

  private static void requireSpace(Path place, Path folder, long bytes) throws IOException {
    long free = Files.getFileStore(place).getUsableSpace();
    if (free < bytes) {
      throw new FileSystemException(
          folder.toString(),
          null,
          "needs "
              + bytes
              + " bytes for dequantized weights, but there are "
              + free
              + "; free some space, or give another folder for the weights");
    }
  }

  private static void write(GgufFile file, Path folder) throws IOException {
    GgufTokenizer tokenizer = new GgufTokenizer(file);
    ObjectNode config = GgufConfig.of(file);
    write(folder, "config.json", config);
    write(folder, "tokenizer.json", tokenizer.tokenizer());
    write(folder, "tokenizer_config.json", tokenizer.config());
    write(folder, "generation_config.json", tokenizer.generation());
    new DequantizedWeights(file)
        .write(folder.resolve("model.safetensors"), config.path("head_dim").intValue());
  }

  private static void write(Path folder, String name, JsonNode content) throws IOException {
    Path file = folder.resolve(name);
    NamedFailure.of(file, () -> Files.write(file, content.toString().getBytes(UTF_8)));
  }
}
