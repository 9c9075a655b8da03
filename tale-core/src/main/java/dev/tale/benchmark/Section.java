package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping of a description whose keys are known: every other key is refused. */
final class Section {
  private final String what;
  private final Setting.Keys keys;

  private Section(String what, Setting.Keys keys) {
    this.what = what;
    this.keys = keys;
  }

  static Section of(String what, Setting setting, List<String> known) throws DataFormatException {
    Setting.Keys keys = setting.keys(what);
    for (Map.Entry<String, Setting> entry : keys.keys().entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw entry
            .getValue()
            .refused(
                what
                    + " has the unknown key "
                    + entry.getKey()
                    + "; did you mean "
                    + Nearest.to(entry.getKey(), known)
                    + "? Known are "
                    + String.join(", ", known));
      }
    }
    return new Section(what, keys);
  }

  Place place() {
    return keys.place();
  }

  boolean has(String key) {
    return keys.keys().containsKey(key);
  }

  Optional<Setting> find(String key) {
    return Optional.ofNullable(keys.keys().get(key));
  }

  Setting require(String key) throws DataFormatException {
    Setting setting = keys.keys().get(key);
    if (setting == null) {
      throw keys.refused(what + " lacks " + key + "; add it");
    }
    return setting;
  }

  String text(String key) throws DataFormatException {
    return require(key).text(key);
  }

  String text(String key, String otherwise) throws DataFormatException {
    Setting setting = keys.keys().get(key);
    return setting == null ? otherwise : setting.text(key);
  }

  /** The text of a key that may be one of a few. */
  String oneOf(String key, String otherwise, List<String> values) throws DataFormatException {
    Setting setting = keys.keys().get(key);
    if (setting == null) {
      return otherwise;
    }
    String value = setting.text(key);
    if (!values.contains(value)) {
      throw setting.refused(
          key
              + " is \""
              + value
              + "\", but must be one of "
              + String.join(", ", values)
              + "; did you mean "
              + Nearest.to(value, values)
              + "?");
    }
    return value;
  }

  boolean flag(String key) throws DataFormatException {
    return oneOf(key, "false", List.of("false", "true")).equals("true");
  }

  /** A whole number that is at least {@code least}. */
  long number(String key, long otherwise, long least, long most) throws DataFormatException {
    Setting setting = keys.keys().get(key);
    if (setting == null) {
      return otherwise;
    }
    String text = setting.text(key);
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, as a number outside the limits is.
    }
    throw setting.refused(
        key + " is \"" + text + "\", but must be a whole number from " + least + " to " + most);
  }

  /** The texts of a list; of one text, that text. */
  List<String> texts(String key) throws DataFormatException {
    Setting setting = keys.keys().get(key);
    if (setting == null) {
      return List.of();
    }
    if (setting instanceof Setting.Scalar scalar) {
      return List.of(scalar.text());
    }
    List<String> texts = new ArrayList<>();
    for (Setting item : setting.items(key)) {
      texts.add(item.text("An item of " + key));
    }
    return List.copyOf(texts);
  }

  /** Refuses the keys that have no meaning here. */
  void refuse(String why, String... unfit) throws DataFormatException {
    for (String key : unfit) {
      if (has(key)) {
        throw require(key).refused(key + " has no meaning " + why + "; leave it out");
      }
    }
  }
}
