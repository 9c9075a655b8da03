package dev.tale.onnx.folder;

import com.google.common.collect.ImmutableList;
import dev.tale.evaluate.Progress;
import dev.tale.files.TemporaryFolder;
import dev.tale.model.LayerInfo;
import dev.tale.onnx.checkpoint.Checkpoint;
import dev.tale.onnx.checkpoint.gguf.GgufFile;
import dev.tale.onnx.checkpoint.gguf.GgufFolder;
import dev.tale.onnx.checkpoint.gguf.PrunedGguf;
import java.io.IOException;
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
 * @param temporary what goes when this is closed
 */
record GgufModel(GgufFile file, String sha256, Path weights, Optional<TemporaryFolder> temporary)
    implements AutoCloseable {
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
    Optional<TemporaryFolder> temporary =
        folder.isPresent() ? Optional.empty() : Optional.of(TemporaryFolder.create("tale-gguf"));
    Path weights = folder.orElseGet(() -> temporary.orElseThrow().path().resolve(file.name()));
    try {
      String making = "dequantizing " + file.file().getFileName() + " into " + weights;
      progress.on(new Progress.Phase(making, 0, megabytes, "MiB"));
      String hash = GgufFolder.make(file, weights);
      progress.on(new Progress.Phase(making, megabytes, megabytes, "MiB"));
      return new GgufModel(file, hash, weights, temporary);
    } catch (Throwable e) {
      new GgufModel(file, "", weights, temporary).close();
      throw e;
    }
  }

  /** A layer as the file stores it, not as it is run. */
  LayerInfo stored(LayerInfo layer) {
    String block = "blk." + layer.layer() + ".";
    long bytes =
        switch (layer.part()) {
          case WHOLE -> file.bytes(block);
          case ATTENTION -> file.bytes(block + "attn");
          case FEED_FORWARD -> file.bytes(block + "ffn") + file.bytes(block + "post_ffw");
        };
    return new LayerInfo(
        layer.index(), layer.part(), layer.layer(), layer.label(), layer.parameters(), bytes);
  }

  /** A name for people: that of the file. */
  String name() {
    return file.name();
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
    if (temporary.isPresent()) {
      temporary.get().close();
    }
  }
}
