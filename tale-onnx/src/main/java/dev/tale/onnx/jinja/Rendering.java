package dev.tale.onnx.jinja;

import java.time.LocalDateTime;

/** The state of one rendering: what it wrote, where it is, and what it may still spend. */
final class Rendering {
  /** Characters that a rendering may produce, in variables or as output. */
  static final long CHARACTERS = 1 << 26;

  /** What an element of a list counts for. */
  private static final int ELEMENT = 16;

  /** Turns of loops and calls of macros. */
  static final int STEPS = 1 << 20;

  private static final int DEPTH = 32;

  private final LocalDateTime now;
  private long characters = CHARACTERS;
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
