package dev.tale;

import dev.tale.model.ModelExporter.Export;
import dev.tale.patch.PatchFit;
import java.util.Locale;
import java.util.Optional;

/**
 * A written model with linear maps in the place of removed layers, beside the same model without
 * them. Losses are mean negative log-likelihoods of the held-out calibration texts, in nats a
 * token; NaN where a likelihood is.
 *
 * @param export the written model, verified; of its size the maps take 4 bytes a parameter
 * @param fit how the maps were fitted
 * @param originalLoss of the model without any layer removed
 * @param lossWithout of the pruned model without maps
 * @param lossWith of the pruned model with maps, as it was written
 * @param rowsWithout figures of the pruned model without maps on the held-out rows, if the search
 *     had any
 * @param rowsWith figures of the pruned model with maps, as it was written, likewise
 * @param addedParameters elements of the maps
 */
public record PatchedExport(
    Export export,
    PatchFit fit,
    double originalLoss,
    double lossWithout,
    double lossWith,
    Optional<PatchedRows> rowsWithout,
    Optional<PatchedRows> rowsWith,
    long addedParameters) {

  /** Returns the bytes that the maps add to the weights: their elements are float32. */
  public long addedBytes() {
    return Float.BYTES * addedParameters;
  }

  /** Returns whether the loss on the held-out texts is lower with the maps. */
  public boolean helps() {
    return lossWith < lossWithout;
  }

  /** Returns the comparison in words. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s%n%,d parameters, %,d bytes added%nloss on held-out texts: %.4f unpruned, %.4f without"
            + " the maps, %.4f with them%s%n%s%n",
        fit,
        addedParameters,
        addedBytes(),
        originalLoss,
        lossWithout,
        lossWith,
        helps() ? "" : ": the maps help nothing there",
        rows());
  }

  private String rows() {
    return rowsWith.isEmpty() || rowsWithout.isEmpty()
        ? "no held-out rows"
        : "held-out rows: " + rowsWithout.get() + " without the maps, " + rowsWith.get() + " with";
  }
}
