package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import dev.tale.task.Example;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The examples that shots are chosen from, each with the description that its row has. */
record ShotPool(String source, int wanted, List<RowForm.Asked> examples) {
  private static final Schema AS_GIVEN =
      new Schema("examples", List.of(), Map.of(), Optional.empty(), Optional.empty());

  static ShotPool read(Description description, ShotRule shots) throws IOException {
    if (shots.count() == 0) {
      return new ShotPool("", 0, List.of());
    }
    List<RowForm.Asked> examples = new ArrayList<>();
    for (DataSet.Entry entry : entries(description, shots)) {
      examples.add(description.form().shot(entry.row(), entry.schema(), shots.target()));
    }
    return new ShotPool(
        shots.pool().map(Path::toString).orElse("examples"), shots.count(), examples);
  }

  private static List<DataSet.Entry> entries(Description description, ShotRule shots)
      throws IOException {
    if (shots.pool().isPresent()) {
      return DataSet.read(shots.pool().get(), description.name(), description.schemas()).rows();
    }
    return shots.given().stream().map(row -> new DataSet.Entry(row, AS_GIVEN)).toList();
  }

  /** The examples for rows with a description. */
  List<Example> of(String description) throws DataFormatException {
    List<Example> own =
        examples.stream()
            .filter(asked -> asked.description().equals(description))
            .map(RowForm.Asked::example)
            .toList();
    if (own.size() < wanted) {
      throw new DataFormatException(
          Path.of(source),
          "holds "
              + own.size()
              + " rows for shots"
              + (description.isEmpty() ? "" : " after \"" + description.strip() + "\"")
              + ", but "
              + wanted
              + " are wanted; give a file with more, or ask for fewer");
    }
    return own;
  }
}
