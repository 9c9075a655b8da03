package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import java.util.ArrayList;
import java.util.List;

/** Rows that follow each other and have one description before them, as those of a subject. */
record Run(String description, List<RowForm.Asked> rows) {

  static List<Run> all(List<DataSet.Entry> entries, RowForm form) throws DataFormatException {
    List<Run> runs = new ArrayList<>();
    for (DataSet.Entry entry : entries) {
      RowForm.Asked asked = form.asked(entry.row(), entry.schema());
      Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (last == null || !last.description.equals(asked.description())) {
        last = new Run(asked.description(), new ArrayList<>());
        runs.add(last);
      }
      last.rows.add(asked);
    }
    return runs;
  }
}
