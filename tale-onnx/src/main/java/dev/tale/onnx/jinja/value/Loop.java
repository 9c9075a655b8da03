package dev.tale.onnx.jinja.value;

import java.util.List;

/**
 * What {@code loop} gives in a turn of a loop. Its depth counts recursive loops only.
 *
 * @param values what the loop goes through
 * @param index 0-based
 */
public record Loop(List<Object> values, int index) {
  Object get(String name) {
    int length = values.size();
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> (long) length - index;
      case "revindex0" -> length - index - 1L;
      case "first" -> index == 0;
      case "last" -> index == length - 1;
      case "length" -> (long) length;
      case "depth" -> 1L;
      case "depth0" -> 0L;
      case "previtem" -> neighbour(index - 1, "previous");
      case "nextitem" -> neighbour(index + 1, "next");
      case "cycle" -> (Function) this::cycle;
      case "changed" -> throw TemplateException.unsupported("'loop.changed'");
      default -> new Undefined("loop has no '" + name + "'");
    };
  }

  private Object neighbour(int place, String which) {
    return place >= 0 && place < values.size()
        ? values.get(place)
        : new Undefined("there is no " + which + " item");
  }

  private Object cycle(Arguments arguments) {
    List<Object> choices = arguments.positional();
    if (choices.isEmpty()) {
      throw new TemplateException("loop.cycle has nothing to cycle through");
    }
    return choices.get(index % choices.size());
  }
}
