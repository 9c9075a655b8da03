package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which rows of a data set belong to a task.
 *
 * @param field the field that says it; empty if all do
 */
record Subset(String name, String field, Set<String> values) {
  static final Subset ALL = new Subset("", "", Set.of());

  List<DataSet.Entry> of(List<DataSet.Entry> rows, RowForm form, Path data)
      throws DataFormatException {
    if (field.isEmpty()) {
      return rows;
    }
    Set<String> others = new TreeSet<>();
    List<DataSet.Entry> chosen = new ArrayList<>();
    for (DataSet.Entry entry : rows) {
      String value = String.valueOf(form.values(entry.row(), entry.schema()).get(field));
      if (values.contains(value)) {
        chosen.add(entry);
      } else {
        others.add(value);
      }
    }
    if (chosen.isEmpty()) {
      throw new DataFormatException(
          data, "holds no row of " + name + "; its " + field + "s are " + others);
    }
    return chosen;
  }
}
