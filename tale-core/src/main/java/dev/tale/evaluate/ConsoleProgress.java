package dev.tale.evaluate;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Draws progress as text: a line for each round, and one for what is under way, with its time left.
 * On a terminal that line is drawn over itself; elsewhere it is written when something begins, and
 * again every {@value #SECONDS} seconds, so that a log shows that it goes on.
 */
final class ConsoleProgress implements Progress {
  private static final int SECONDS = 30;
  private static final int WIDTH = 78;

  private final PrintStream out;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private String current = "";
  private long began;

  /** When the last event came: rows are told when the first of them are done. */
  private long before;

  private long drawn;

  /**
   * A drawing.
   *
   * @param terminal whether a carriage return goes back to the beginning of the line
   * @param nanoTime the clock
   */
  ConsoleProgress(PrintStream out, boolean terminal, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.before = nanoTime.getAsLong();
  }

  /** Whether this process writes to a terminal: before Java 22 it has a console only then. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean onTerminal() {
    Console console = System.console();
    try {
      return console != null && (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  @Override
  public void on(Event event) {
    if (event instanceof Rows rows) {
      String name = rows.rowSet() + ", " + rows.masks() + (rows.masks() == 1 ? " mask" : " masks");
      draw(name, rows.rowsDone(), rows.rowsTotal(), "rows");
    } else if (event instanceof Phase phase) {
      draw(phase.name(), phase.done(), phase.total(), phase.unit());
    } else if (event instanceof Round round) {
      line(round.toString());
      current = "";
    }
  }

  private void draw(String name, long done, long total, String unit) {
    boolean begins = !name.equals(current);
    long now = nanoTime.getAsLong();
    if (begins) {
      current = name;
      began = done > 0 ? before : now;
    }
    before = now;
    String text = name + ": " + done + " of " + total + " " + unit + left(now, done, total);
    if (terminal) {
      out.print("\r" + pad(text));
      out.flush();
    } else if (begins || now - drawn > SECONDS * 1_000_000_000L) {
      out.println(text);
      drawn = now;
    }
    if (done >= total) {
      end();
    }
  }

  private void end() {
    current = "";
    if (terminal) {
      out.print("\r" + pad("") + "\r");
      out.flush();
    }
  }

  private void line(String text) {
    out.println(terminal ? "\r" + pad(text).stripTrailing() : text);
  }

  private String left(long now, long done, long total) {
    double seconds = (now - began) / 1e9;
    return done <= 0 || done >= total || seconds < 1
        ? ""
        : String.format(Locale.ROOT, ", %.0f s left", seconds / done * (total - done));
  }

  /** A text as long as what it is drawn over may be. */
  private static String pad(String text) {
    String cut = text.substring(0, Math.min(WIDTH, text.length()));
    return cut + " ".repeat(WIDTH - cut.length());
  }
}
