package dev.tale.journal;

import java.io.IOException;

/**
 * A file that is not a journal, or a journal that is damaged before its last record. Restore the
 * file or start again with a new one.
 */
public final class JournalFormatException extends IOException {
  private static final long serialVersionUID = 1;

  JournalFormatException(String message) {
    super(message);
  }

  JournalFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
