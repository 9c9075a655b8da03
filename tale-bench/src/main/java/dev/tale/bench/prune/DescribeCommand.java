package dev.tale.bench.prune;

import dev.tale.model.LayerInfo;
import dev.tale.model.ModelDescription;
import dev.tale.model.ModelInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells the layers of a model, with no weight loaded. */
@Command(
    name = "describe",
    mixinStandardHelpOptions = true,
    description =
        "Tells a model's layers, their parameters and bytes, without loading it; a GGUF file is"
            + " dequantized among the temporary files, until the end.")
final class DescribeCommand implements Callable<Integer> {
  @Mixin private final ModelOptions model = new ModelOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (ModelDescription described = model.builder().describe()) {
      ModelInfo info = described.info();
      PrintWriter writer = spec.commandLine().getOut();
      writer.printf(
          Locale.ROOT,
          "%s: context of %,d tokens, content %s%n",
          info.name(),
          info.contextLength(),
          info.contentHash());
      writer.printf(Locale.ROOT, "%5s  %-24s %14s %16s%n", "index", "layer", "parameters", "bytes");
      for (LayerInfo layer : info.layers()) {
        writer.printf(
            Locale.ROOT,
            "%5d  %-24s %,14d %,16d%n",
            layer.index(),
            layer.name(),
            layer.parameters(),
            layer.bytes());
      }
      writer.printf(
          Locale.ROOT,
          "%5d  %-24s %,14d %,16d%n",
          info.layerCount(),
          "in all, removable",
          info.layers().stream().mapToLong(LayerInfo::parameters).sum(),
          info.layers().stream().mapToLong(LayerInfo::bytes).sum());
      writer.flush();
    }
    return 0;
  }
}
