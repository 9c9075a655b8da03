package dev.tale.onnx.jinja;

import java.time.LocalDateTime;
import java.util.Collection;

/** The state of one rendering: what it wrote, where it is, and what it may still spend. */
final class Rendering {
  /** Characters that a rendering may produce, in variables or as output. */
  static final long CHARACTERS = 1 << 26;

  /** What an element of a list counts for. */
  private static final int ELEMENT = 16;

  /** Characters and elements that a rendering may look at, in searches, comparisons and filters. */
  private static final long WORK = 1L << 29;

  /** Turns of loops and calls of macros. */
  static final int STEPS = 1 << 20;

  private static final int DEPTH = 32;

  private final LocalDateTime now;
  private long characters = CHARACTERS;
  private long work = WORK;
  private int steps = STEPS;
  private int depth;
  private int line = 1;

  Rendering(LocalDateTime now) {
    this.now = now;
  }

  LocalDateTime now() {
    return now;
  }

  int line() {
    return line;
  }

  void at(int newLine) {
    line = newLine;
  }

  void step() {
    if (--steps < 0) {
      throw new TemplateException(
          "more than " + STEPS + " turns of loops; the template does not end");
    }
  }

  /** Accounts for a value about to be gone through. */
  void work(Object value) {
    int size =
        value instanceof String text
            ? text.length()
            : value instanceof Collection<?> all ? all.size() : 1;
    work -= size;
    if (work < 0) {
      throw new TemplateException(
          "more than " + WORK + " characters gone through; shorten the conversation");
    }
  }

  /** Accounts for what a filter or method made of values, a list of them too. */
  Object made(Object value) {
    if (value instanceof Iterated iterated) {
      produceList(iterated.made());
    } else if (value instanceof Collection<?> all) {
      produceList(all.size());
    } else {
      work(value);
    }
    return value;
  }

  /** Accounts for characters about to be produced. */
  void produce(long count) {
    characters -= count;
    if (characters < 0) {
      throw new TemplateException(
          "more than " + CHARACTERS + " characters produced; shorten the conversation");
    }
  }

  void produceList(long size) {
    produce(ELEMENT * size);
  }

  String produced(String text) {
    produce(text.length());
    return text;
  }

  void enterMacro() {
    step();
    if (++depth > DEPTH) {
      throw new TemplateException("macros call one another more than " + DEPTH + " deep");
    }
  }

  void leaveMacro() {
    depth--;
  }
}
