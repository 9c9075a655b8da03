package dev.tale.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.estimate.Interval;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** An object of JSON: fields in the order in which they were put; equal fields are equal bytes. */
public final class JsonFields {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

  /** Reads an object that was written by {@link #text}. */
  public static JsonFields of(String text) {
    try {
      JsonFields fields = new JsonFields();
      fields.fields.putAll(JSON.readValue(text, new TypeReference<Map<String, Object>>() {}));
      return fields;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A report cannot be read back as JSON", e);
    }
  }

  /**
   * Puts a field, in the place of an earlier one of its name.
   *
   * @param value a text, number, truth value, interval, fields, or a list of these; an empty {@link
   *     Optional} is no field, an empty {@link OptionalDouble} is null
   */
  public JsonFields put(String name, @Nullable Object value) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> put(name, present));
    } else {
      fields.put(name, plain(value));
    }
    return this;
  }

  /** Puts a list, unless it is empty. */
  public JsonFields putAny(String name, List<?> list) {
    return list.isEmpty() ? this : put(name, list);
  }

  /** Puts all fields of another object. */
  public JsonFields putAll(JsonFields others) {
    fields.putAll(others.fields);
    return this;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof OptionalDouble optional) {
      return optional.isPresent() ? optional.getAsDouble() : null;
    }
    if (value instanceof Interval interval) {
      return List.of(interval.low(), interval.high());
    }
    if (value instanceof List<?> list) {
      return list.stream().map(JsonFields::plain).toList();
    }
    return value instanceof JsonFields others ? others.fields : value;
  }

  /** Returns the object as indented text with a line feed at its end, the same on every system. */
  public String text() {
    try {
      String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(fields);
      return json.replace("\r\n", "\n") + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A report cannot be written as JSON", e);
    }
  }
}
