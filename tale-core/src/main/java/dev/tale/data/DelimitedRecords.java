package dev.tale.data;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.util.ArrayList;
import java.util.List;

/** Gathers the fields of each record, and knows where a record that failed began. */
final class DelimitedRecords extends AbstractBaseCsvCallbackHandler<DelimitedRecords.Fields> {
  private List<String> values = new ArrayList<>();

  /** The fields of the record that begins at a place. */
  record Fields(String place, List<String> values) {}

  String place() {
    return LineCounter.place(getStartingLineNumber());
  }

  @Override
  protected void handleBegin(long startingLineNumber) {
    values = new ArrayList<>();
  }

  @Override
  protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
    values.add(new String(buffer, offset, length));
  }

  @Override
  protected Fields buildRecord() {
    return new Fields(place(), values);
  }
}
