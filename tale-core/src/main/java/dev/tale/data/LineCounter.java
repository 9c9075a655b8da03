package dev.tale.data;

/** Counts lines as editors do: from 1, each ended by LF, CR LF or CR. */
final class LineCounter {
  private long line = 1;
  private boolean afterCarriageReturn;

  void count(char[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text[i];
      if (c == '\r' || (c == '\n' && !afterCarriageReturn)) {
        line++;
      }
      afterCarriageReturn = c == '\r';
    }
  }

  /** The line of the character after the last one counted. */
  String place() {
    return place(line);
  }

  static String place(long line) {
    return "line " + line;
  }
}
