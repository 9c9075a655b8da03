package dev.tale.onnx;

import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatches.StateSink;
import dev.tale.model.Request;
import dev.tale.onnx.session.StateReader;
import java.util.List;

/** Hidden states of a decoder at every token, on an open session. */
record StatesEverywhere(RequestEncoder encoder, StateReader reader) {

  int width() {
    return reader.width();
  }

  void read(List<Request> requests, LayerMask mask, List<Integer> boundaries, StateSink sink) {
    reader.everyState(encoder.encode(requests), mask, boundaries, sink);
  }
}
