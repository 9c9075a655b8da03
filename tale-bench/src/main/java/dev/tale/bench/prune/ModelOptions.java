package dev.tale.bench.prune;

import dev.tale.model.Granularity;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which model, and how it is opened. */
final class ModelOptions {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "PATH",
      description = "A Hugging Face folder, a GGUF file, an ONNX directory or a graph.")
  private Path model = Path.of("");

  @Option(
      names = "--device",
      defaultValue = "cpu",
      paramLabel = "DEVICE",
      description = "cpu, cpu:THREADS or cuda:NUMBER (default: ${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Option(
      names = "--granularity",
      defaultValue = "LAYER",
      description =
          "What is removed at a time: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Granularity granularity = Granularity.LAYER;

  OnnxModel.Builder builder() {
    return OnnxModel.builder(model).device(device()).granularity(granularity);
  }

  private Device device() {
    String[] parts = device.split(":", 2);
    try {
      int number = parts.length == 2 ? Integer.parseInt(parts[1]) : 0;
      if (parts[0].equals("cuda") && number >= 0) {
        return Device.cuda(number);
      }
      if (parts[0].equals("cpu") && (parts.length == 1 || number > 0)) {
        return parts.length == 2 ? Device.cpu(number) : Device.cpu();
      }
    } catch (NumberFormatException e) {
      throw unknown();
    }
    throw unknown();
  }

  private TypeConversionException unknown() {
    return new TypeConversionException(
        "--device is "
            + device
            + "; give cpu, cpu:THREADS with at least 1, or cuda:NUMBER, from 0");
  }
}
