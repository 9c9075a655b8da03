package dev.tale.onnx.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Which names a template uses, in which frames: the template itself, bodies of loops, macros and
 * set blocks.
 *
 * <p>Implementation note: Jinja decides before it renders where each name lives. A name that a
 * frame sets, but uses only within inner frames before, is undefined there even if the caller gave
 * a value of that name, which is hardly what an author means. Such names are collected, so that a
 * rendering with a value of that name can be refused.
 */
final class Frames {
  private final Deque<Frame> open = new ArrayDeque<>();
  private final Set<String> hidden = new HashSet<>();

  Frames() {
    enter();
  }

  void enter() {
    open.push(new Frame(new HashSet<>(), new HashSet<>()));
  }

  void leave() {
    Frame inner = open.pop();
    open.element().within().addAll(inner.used());
    open.element().within().addAll(inner.within());
  }

  void load(String name) {
    open.element().used().add(name);
  }

  void store(String name) {
    Frame frame = open.element();
    if (frame.used().add(name) && frame.within().contains(name)) {
      hidden.add(name);
    }
  }

  /** Returns names of which a caller may give no value. */
  Set<String> hidden() {
    return Set.copyOf(hidden);
  }

  private record Frame(Set<String> used, Set<String> within) {}
}
