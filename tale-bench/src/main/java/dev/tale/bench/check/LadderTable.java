package dev.tale.bench.check;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tale.onnx.nano.LadderReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Prints how far each way of running nano-llama is from the one before, beside the limit. */
public final class LadderTable {
  private LadderTable() {}

  public static void print() throws IOException {
    Path scratch = Files.createTempDirectory("tale-ladder-");
    try {
      print(LadderReport.measure(scratch, Runtime.getRuntime().availableProcessors()));
    } finally {
      MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static void print(LadderReport report) {
    System.out.printf(
        Locale.ROOT,
        "largest absolute logit difference, fp32, %d prompts, %d masks%n",
        report.prompts(),
        report.masks());
    line("ONNX Runtime, original, from PyTorch", report.plainFromPyTorch(), 1e-3);
    line("gated, nothing skipped, from original", report.gatedFromPlain(), 1e-4);
    line("gated under masks, from PyTorch", report.maskedFromPyTorch(), 1e-3);
    line("excised, from gated under the mask", report.excisedFromGated(), 1e-4);
  }

  private static void line(String rung, double difference, double limit) {
    System.out.printf(Locale.ROOT, "%-38s  %.2e  (limit %.0e)%n", rung, difference, limit);
  }
}
