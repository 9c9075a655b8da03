package dev.tale.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers every finished {@link WorkUnit}, so that a search that was killed goes on where it
 * stopped and ends in the identical result.
 */
public sealed interface Journal extends AutoCloseable permits FileJournal, NoJournal {

  /** Returns the result of a unit that was finished before, if there is one. */
  Optional<UnitResult> find(WorkUnit unit);

  /**
   * Remembers a result. When this returns, the result survives a crash of the process and of the
   * machine.
   *
   * @throws IOException if it cannot be written; what was remembered before stays readable
   */
  void append(UnitResult result) throws IOException;

  @Override
  void close() throws IOException;

  /** Returns a journal that remembers nothing. */
  static Journal none() {
    return NoJournal.NONE;
  }

  /**
   * Opens or creates a journal file. A torn last record, as a crash leaves it, is dropped.
   *
   * @param identity what the run depends on, by name: hashes of model and rows, settings, versions.
   *     Results are reused only by a run with the same identity.
   * @throws JournalFormatException if the file is not a journal or is damaged before its last
   *     record
   * @throws IllegalArgumentException if the journal belongs to another run; the message has both
   *     values of everything that differs
   * @throws IllegalStateException if another search has the journal open
   * @throws java.nio.file.NoSuchFileException if the file's directory does not exist
   * @throws IOException if the file cannot be read or written
   */
  static Journal open(Path file, Map<String, String> identity) throws IOException {
    return FileJournal.open(file, identity);
  }
}
