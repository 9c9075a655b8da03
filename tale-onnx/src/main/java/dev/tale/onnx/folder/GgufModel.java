package dev.tale.onnx.folder;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tale.evaluate.Progress;
import dev.tale.onnx.checkpoint.Checkpoint;
import dev.tale.onnx.checkpoint.gguf.GgufFile;
import dev.tale.onnx.checkpoint.gguf.GgufFolder;
import dev.tale.onnx.checkpoint.gguf.PrunedGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF file and the folder of its dequantized weights, from which it is run.
 *
 * @param file the model
 * @param sha256 of the file as it was opened
 * @param weights the folder
 * @param temporary whether the folder goes when this is closed
 */
record GgufModel(GgufFile file, String sha256, Path weights, boolean temporary)
    implements AutoCloseable {
  private static final String EXTENSION = ".gguf";

  /** In a directory that is written, the weights with which it is verified. */
  private static final String VERIFIED = "verified";

  /**
   * Reads the file and makes the folder.
   *
   * @param folder where to; if there is none, in the directory of temporary files, until this is
   *     closed
   * @param progress told before and after, with the size of the weights
   * @throws dev.tale.model.ModelFormatException if the file is malformed
   * @throws dev.tale.model.UnsupportedModelException if it is of a kind that is not run
   * @throws IOException if it cannot be read, or the folder not be written
   */
  static GgufModel open(Path path, Optional<Path> folder, Progress progress) throws IOException {
    GgufFile file = GgufFile.read(path);
    long megabytes = GgufFolder.bytes(file) >> 20;
    Path weights = folder.isPresent() ? folder.get() : Files.createTempDirectory("tale-gguf");
    try {
      String making = "dequantizing " + file.file().getFileName() + " into " + weights;
      progress.on(new Progress.Phase(making, 0, megabytes, "MiB"));
      String hash = GgufFolder.make(file, weights);
      progress.on(new Progress.Phase(making, megabytes, megabytes, "MiB"));
      return new GgufModel(file, hash, weights, folder.isEmpty());
    } catch (Throwable e) {
      new GgufModel(file, "", weights, folder.isEmpty()).close();
      throw e;
    }
  }

  /** A name for people: that of the file. */
  String name() {
    String name = file.file().getFileName().toString();
    return name.substring(0, name.length() - EXTENSION.length());
  }

  /**
   * Writes the file without some layers, and dequantizes what was written, to be verified.
   *
   * @return the written file, and a graph over its weights, which are left out
   */
  List<Path> write(Staged staged, KeptLayers kept, Map<String, String> metadata)
      throws IOException {
    Path written = staged.directory().resolve(file.file().getFileName());
    new PrunedGguf(file, sha256, ImmutableList.copyOf(kept.attention())).write(written, metadata);
    Path verified = staged.directory().resolve(VERIFIED);
    staged.leaveOut(verified);
    GgufFolder.make(GgufFile.read(written), verified);
    return List.of(written, Checkpoint.read(verified).writeGraph());
  }

  @Override
  public void close() throws IOException {
    if (temporary && Files.exists(weights)) {
      MoreFiles.deleteRecursively(weights, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
