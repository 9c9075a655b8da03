package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tensor of a key-value cache looks like: [batch, heads, length, head size].
 *
 * @param type element type
 * @param heads number of heads, at least 1
 * @param headSize width of a head, at least 1
 */
public record CacheFormat(HiddenType type, long heads, long headSize) {

  /** Returns the number of bytes of one token. */
  public long bytesPerToken() {
    return Math.multiplyExact(Math.multiplyExact(heads, headSize), type.bytes());
  }

  /**
   * Reads the declaration of a cache input.
   *
   * @throws dev.tale.model.UnsupportedModelException if it leaves open what must be fixed
   */
  static CacheFormat of(OnnxGraph graph, String input) {
    ValueInfoProto declared =
        graph.proto().getGraph().getInputList().stream()
            .filter(candidate -> candidate.getName().equals(input))
            .findFirst()
            .orElseThrow();
    List<Dimension> dims = declared.getType().getTensorType().getShape().getDimList();
    @Nullable HiddenType type = HiddenType.of(declared.getType().getTensorType().getElemType());
    if (dims.size() != 4
        || dims.get(1).getDimValue() < 1
        || dims.get(3).getDimValue() < 1
        || type == null) {
      throw graph
          .source()
          .unsupported(
              "cache input "
                  + input
                  + " must be a float tensor [batch, heads, length, head size] with fixed heads and"
                  + " head size, but is declared as "
                  + dims.stream().map(CacheFormat::text).toList()
                  + ". Export it with fixed heads and head size");
    }
    return new CacheFormat(type, dims.get(1).getDimValue(), dims.get(3).getDimValue());
  }

  private static String text(Dimension dim) {
    return dim.hasDimValue() ? String.valueOf(dim.getDimValue()) : dim.getDimParam();
  }
}
