package dev.tale.benchmark;

import com.samskivert.mustache.MustacheException;
import java.io.StringWriter;

/** What a template writes: sections over lists, inside one another, can write without measure. */
final class BoundedWriter extends StringWriter {
  /** Characters of one text. */
  static final int MOST = 1 << 24;

  @Override
  public void write(int c) {
    require(1);
    super.write(c);
  }

  @Override
  public void write(char[] text, int offset, int length) {
    require(length);
    super.write(text, offset, length);
  }

  @Override
  public void write(String text) {
    require(text.length());
    super.write(text);
  }

  @Override
  public void write(String text, int offset, int length) {
    require(length);
    super.write(text, offset, length);
  }

  private void require(int more) {
    require(getBuffer().length(), more);
  }

  /** Refuses a text that would become too long. */
  static void require(int length, long more) {
    if (length + more > MOST) {
      throw new MustacheException("the text would have more than " + MOST + " characters");
    }
  }
}
