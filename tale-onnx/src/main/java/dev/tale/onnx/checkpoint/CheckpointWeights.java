package dev.tale.onnx.checkpoint;

import com.google.common.primitives.Longs;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.graph.Source;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The weights of a checkpoint, by name, each of which an architecture has to ask for. */
final class CheckpointWeights {
  private static final Pattern QUANTIZED =
      Pattern.compile(
          "\\.(qweight|qzeros|g_idx|scales|weight_packed|weight_scale|weight_scale_inv|SCB"
              + "|weight\\.(absmax|quant_map|SCB|quant_state.*))$");

  private final Source source;
  private final Map<String, StoredTensor> tensors;
  private final Set<String> asked = new HashSet<>();

  /**
   * Weights by name.
   *
   * @param source what to complain about
   */
  CheckpointWeights(Source source, Map<String, StoredTensor> tensors) {
    this.source = source;
    this.tensors = tensors;
  }

  /**
   * A weight of that name and shape.
   *
   * @throws ModelFormatException if there is none
   */
  StoredTensor get(String name, long... shape) throws ModelFormatException {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      refuseQuantized();
      throw source.malformed("has no tensor " + name + ", which config.json asks for");
    }
    List<Long> wanted = Longs.asList(shape);
    if (!tensor.shape().equals(wanted)) {
      refuseQuantized();
      throw source.malformed(
          "tensor %s has the shape %s; config.json asks for %s"
              .formatted(name, tensor.shape(), wanted));
    }
    asked.add(name);
    return tensor;
  }

  /**
   * The element type of a weight.
   *
   * @throws dev.tale.model.UnsupportedModelException if Tale does not run it
   */
  ElementType type(StoredTensor tensor) {
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(tensor.type())) {
        return type;
      }
    }
    throw source.unsupported(
        "tensor %s is of type %s; known are F32, F16 and BF16. Use the checkpoint that was not"
                .formatted(tensor.name(), tensor.type())
            + " quantized, or a GGUF file");
  }

  /**
   * Checks that nothing is left.
   *
   * @throws ModelFormatException with a weight that was not asked for
   */
  void requireAllAsked() throws ModelFormatException {
    for (String name : tensors.keySet()) {
      if (!asked.contains(name) && !isHarmless(name)) {
        refuseQuantized();
        throw source.malformed(
            "has a tensor "
                + name
                + ", which config.json does not ask for; they are not of one"
                + " model");
      }
    }
  }

  /** Weights as GPTQ, AWQ, bitsandbytes and others store them, whatever the settings say. */
  private void refuseQuantized() {
    for (String name : tensors.keySet()) {
      if (QUANTIZED.matcher(name).find()) {
        throw source.unsupported(
            "has the tensor "
                + name
                + ", as quantized checkpoints have, which are not read. Use the checkpoint that it"
                + " was made of, or a GGUF file");
      }
    }
  }

  /** Buffers that are computed anew, and a head that is the embedding. */
  private static boolean isHarmless(String name) {
    return name.endsWith(".rotary_emb.inv_freq") || name.equals("lm_head.weight");
  }
}
