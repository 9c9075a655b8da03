package dev.tale.bench.engine;

import dev.tale.onnx.graph.BigLlama;
import dev.tale.onnx.graph.BigModelRun;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Opens, gates and excises a model of the shape of LLaMA 3.1 8B in float16, whose weights are a
 * sparse file. Takes 14 GB of disk, and a heap as small as one likes to give.
 */
public final class BigModel {
  private static final String REMOVED = "3,7,11,20,30";

  private BigModel() {}

  public static void run(Path directory) throws IOException {
    Path pruned = directory.resolve("pruned");
    if (Files.exists(pruned)) {
      throw new FileAlreadyExistsException(
          pruned.toString(), null, "exists; give --out another directory, or delete it");
    }
    Path model = Files.createDirectories(directory.resolve("model"));
    BigLlama.write(model);
    System.out.printf(
        Locale.ROOT,
        "LLaMA 3.1 8B, float16, %d bytes of weights, without layers %s, heap of at most %d MiB%n",
        Files.size(model.resolve("model.onnx.data")),
        REMOVED,
        Runtime.getRuntime().maxMemory() >> 20);
    BigModelRun.main(new String[] {model.toString(), REMOVED, pruned.toString()});
  }
}
