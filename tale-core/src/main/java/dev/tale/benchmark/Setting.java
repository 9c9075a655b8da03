package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import java.util.List;
import java.util.Map;

/** A value of a description and where it stands. */
sealed interface Setting {

  Place place();

  /** What this is, as messages call it. */
  String kind();

  default DataFormatException refused(String problem) {
    return place().refused(problem);
  }

  /** The text of this value; {@code what} names it in messages. */
  default String text(String what) throws DataFormatException {
    if (this instanceof Scalar scalar) {
      return scalar.text();
    }
    throw refused(what + " is " + kind() + ", but must be a text; write one");
  }

  default List<Setting> items(String what) throws DataFormatException {
    if (this instanceof Items items) {
      return items.items();
    }
    throw refused(what + " is " + kind() + ", but must be a list; write [...]");
  }

  default Keys keys(String what) throws DataFormatException {
    if (this instanceof Keys keys) {
      return keys;
    }
    throw refused(what + " is " + kind() + ", but must be a mapping; write key: value");
  }

  /** A text, a number or a truth value, as it was written. */
  record Scalar(Place place, String text) implements Setting {
    @Override
    public String kind() {
      return "the text \"" + text + "\"";
    }
  }

  /** A list. */
  record Items(Place place, List<Setting> items) implements Setting {
    @Override
    public String kind() {
      return "a list of " + items.size();
    }
  }

  /** A mapping, in the order in which it was written. */
  record Keys(Place place, Map<String, Setting> keys) implements Setting {
    @Override
    public String kind() {
      return "a mapping with the keys " + keys.keySet();
    }
  }
}
