package dev.tale.bench.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the phases of a run of a study took, in wall-clock seconds. */
final class StudyPhases {
  private final ObjectNode seconds = new ObjectMapper().createObjectNode();
  private long start = System.nanoTime();

  /** Ends a phase; the next begins. */
  void end(String name) {
    long now = System.nanoTime();
    seconds.put(name, (now - start) / 1e9);
    start = now;
  }

  ObjectNode seconds() {
    return seconds;
  }
}
