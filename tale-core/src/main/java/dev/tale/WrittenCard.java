package dev.tale;

import dev.tale.evaluate.Configuration;
import dev.tale.files.NamedFailure;
import dev.tale.report.Report;
import dev.tale.report.section.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The card of a written model. */
final class WrittenCard {
  private static final String CARD = "README.md";

  private WrittenCard() {}

  /**
   * Writes the card. The original's, if it was copied, gets another name: it has licence and
   * history. That of a model that was pruned before has both, and gives way.
   *
   * @param more sections to add, Markdown; possibly empty
   */
  static void write(Path directory, Report report, Configuration configuration, String more)
      throws IOException {
    Path card = directory.resolve(CARD);
    Path original = directory.resolve(ModelCard.ORIGINAL);
    if (Files.exists(card) && Files.notExists(original)) {
      Files.move(card, original);
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      String text = ModelCard.of(report, configuration, names) + more;
      NamedFailure.of(card, () -> Files.writeString(card, text));
    }
  }
}
