package dev.tale.onnx.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A value of a {@code tokenizer.json} and where it stands: gives what the tokenizer library needs,
 * of its type and in its range, or refuses it.
 *
 * @param file the file
 * @param place JSON pointer of the value
 * @param value the value; a missing node if there is none
 */
record Part(Path file, String place, JsonNode value) {
  private static final int SHOWN = 80;

  /** Returns a member of an object, which may be missing. */
  Part get(String name) {
    return new Part(file, place + "/" + name, value.path(name));
  }

  /** Returns whether there is no value, or null. */
  boolean isAbsent() {
    return value.isMissingNode() || value.isNull();
  }

  /** Refuses anything but an object of these members, of which any may be missing. */
  Part allow(String... names) throws ModelFormatException {
    if (!value.isObject()) {
      throw malformed("is not an object");
    }
    ImmutableSet<String> known = ImmutableSet.copyOf(names);
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      if (!known.contains(member.getKey())) {
        throw malformed(
            "has a member " + shown(member.getKey()) + ", but only " + known + " are known");
      }
    }
    return this;
  }

  String text() throws ModelFormatException {
    if (!value.isTextual()) {
      throw malformed("is not a text");
    }
    return value.textValue();
  }

  /** Returns a text of so many characters. */
  String text(int min, int max) throws ModelFormatException {
    String text = text();
    int length = text.codePointCount(0, text.length());
    if (length < min || length > max) {
      throw malformed("has " + length + " characters instead of " + min + " to " + max);
    }
    return text;
  }

  String oneOf(ImmutableSet<String> texts) throws ModelFormatException {
    if (!texts.contains(text())) {
      throw malformed("is not one of " + texts);
    }
    return value.textValue();
  }

  boolean flag() throws ModelFormatException {
    if (!value.isBoolean()) {
      throw malformed("is neither true nor false");
    }
    return value.booleanValue();
  }

  int number(int min, int max) throws ModelFormatException {
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < min
        || value.intValue() > max) {
      throw malformed("is not a whole number of " + min + " to " + max);
    }
    return value.intValue();
  }

  /** Returns the elements of an array. */
  List<Part> elements() throws ModelFormatException {
    if (!value.isArray()) {
      throw malformed("is not an array");
    }
    List<Part> elements = new ArrayList<>(value.size());
    for (JsonNode element : value) {
      elements.add(new Part(file, place + "/" + elements.size(), element));
    }
    return elements;
  }

  ModelFormatException malformed(String what) {
    return malformed(
        file,
        place
            + " "
            + what
            + (value.isContainerNode() || value.isMissingNode()
                ? ""
                : ": " + shown(value.toString())));
  }

  static ModelFormatException malformed(Path file, String what) {
    return new ModelFormatException(message(file, what));
  }

  static ModelFormatException malformed(Path file, String what, Throwable cause) {
    return new ModelFormatException(message(file, what), cause);
  }

  private static String message(Path file, String what) {
    return "Tokenizer " + file + ": " + what + "; fetch or export the model again";
  }

  private static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
