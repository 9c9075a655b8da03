package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.Source;
import java.util.List;

/**
 * The sizes that a model fixes for its inputs, beside their names: exporters write graphs for one
 * sequence, or for one length.
 *
 * @param singleRow whether a run takes one sequence alone
 * @param length number of places that every run must have, padding counted; 0 if it is open
 */
public record InputSizes(boolean singleRow, int length) {
  /** What is fed by name, all [batch, sequence]. */
  public static final ImmutableSet<String> NAMED =
      ImmutableSet.of(
          ModelInputs.INPUT_IDS,
          ModelInputs.ATTENTION_MASK,
          ModelInputs.POSITION_IDS,
          ModelInputs.TOKEN_TYPE_IDS);

  private static final InputSizes OPEN = new InputSizes(false, 0);

  /**
   * Reads what is declared.
   *
   * @throws UnsupportedModelException if no sequence could be fed to an input; the message names it
   *     and the dimension
   */
  static InputSizes of(OnnxGraph graph, Dataflow flow) {
    InputSizes sizes = OPEN;
    for (ValueInfoProto input : graph.proto().getGraph().getInputList()) {
      if (flow.isInput(input.getName())) {
        Declared declared = new Declared(graph.source(), input);
        sizes = NAMED.contains(input.getName()) ? declared.named(sizes) : declared.cache(sizes);
      }
    }
    if (sizes.length > 0
        && !flow.isInput(ModelInputs.ATTENTION_MASK)
        && !flow.isOutput(LayerFinder.LOGITS)) {
      throw graph
          .source()
          .unsupported(
              "fixes the length of its inputs at "
                  + sizes.length
                  + " and has no input attention_mask, so that nothing tells shorter texts from"
                  + " their padding. Export it with an open sequence length, or with the mask");
    }
    return sizes;
  }

  /** The declaration of one input. */
  private record Declared(Source source, ValueInfoProto input) {

    InputSizes named(InputSizes before) {
      TypeProto.Tensor type = input.getType().getTensorType();
      if (type.getElemType() != DataType.INT64_VALUE) {
        throw refused(
            "has element type " + DataType.forNumber(type.getElemType()) + "; it must be int64");
      }
      List<Dimension> dims = type.getShape().getDimList();
      if (type.hasShape() && dims.size() != 2) {
        throw refused(
            "is declared with " + dims.size() + " dimensions; it must be [batch, sequence]");
      }
      return type.hasShape()
          ? new InputSizes(singleRow(before, dims.get(0)), length(before, dims.get(1)))
          : before;
    }

    private boolean singleRow(InputSizes before, Dimension batch) {
      if (batch.getDimValue() > 1) {
        throw refused(
            "fixes dimension 0, the batch, at " + batch.getDimValue() + "; it must be open or 1");
      }
      return before.singleRow || batch.getDimValue() == 1;
    }

    private int length(InputSizes before, Dimension dimension) {
      long length = dimension.getDimValue();
      if (length < 1) {
        return before.length;
      }
      if (length == 1) {
        throw refused(
            "fixes dimension 1, the sequence, at 1: the graph takes one token at a time, after others"
                + " that another has read");
      }
      if (length > Integer.MAX_VALUE || (before.length > 0 && before.length != length)) {
        throw refused(
            "fixes dimension 1, the sequence, at "
                + length
                + (before.length > 0 ? ", but an input before it at " + before.length : "")
                + "; it must be open or the same for all");
      }
      return (int) length;
    }

    /** A cache is [batch, heads, length, head size]. */
    InputSizes cache(InputSizes before) {
      List<Dimension> dims = input.getType().getTensorType().getShape().getDimList();
      if (dims.size() != 4) {
        return before;
      }
      if (dims.get(2).hasDimValue()) {
        throw refused(
            "fixes dimension 2, the tokens of a cache, at "
                + dims.get(2).getDimValue()
                + "; it must be open, for a sequence begins with none");
      }
      return new InputSizes(singleRow(before, dims.get(0)), before.length);
    }

    private UnsupportedModelException refused(String why) {
      return source.unsupported(
          "input " + input.getName() + " " + why + ". Export it so, with batch and sequence open");
    }
  }
}
