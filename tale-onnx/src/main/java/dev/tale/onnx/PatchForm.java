package dev.tale.onnx;

import dev.tale.model.Granularity;
import dev.tale.model.UnsupportedModelException;
import java.util.List;

/** What models with maps in the place of layers can be written as. */
final class PatchForm {
  private PatchForm() {}

  /**
   * Checks that a model can be written with maps.
   *
   * @throws UnsupportedModelException if not
   */
  static void check(OnnxDescription description, ExportForm form) {
    String model = description.info().name();
    if (form == ExportForm.AS_OPENED && !description.directory().isGraph()) {
      throw new UnsupportedModelException(
          model
              + " was opened as a Hugging Face folder or a GGUF file, and is written as such; these"
              + " have no place for a linear map in the place of layers. Open it with"
              + " OnnxModel.builder(path).exportForm(ExportForm.ONNX): an ONNX directory has");
    }
    if (description.info().granularity() != Granularity.LAYER) {
      throw new UnsupportedModelException(
          model
              + " was opened at granularity "
              + description.info().granularity()
              + "; maps stand in the place of whole layers. Open it at Granularity.LAYER");
    }
  }

  /**
   * Checks boundaries to read.
   *
   * @throws IllegalArgumentException if there are none, they do not ascend, or one is not there
   */
  static void checkBoundaries(List<Integer> boundaries, int layers) {
    int before = -1;
    for (int boundary : boundaries) {
      if (boundary <= before || boundary > layers) {
        throw new IllegalArgumentException(
            "The boundaries are "
                + boundaries
                + "; give ascending numbers, each once, from 0 to the number of layers, "
                + layers);
      }
      before = boundary;
    }
    if (boundaries.isEmpty()) {
      throw new IllegalArgumentException("There are 0 boundaries; give at least 1");
    }
  }
}
