package dev.tale.benchmark;

/** Published benchmarks as tasks, asked as lm-evaluation-harness asks them. */
public final class Tasks {
  private Tasks() {}
}
