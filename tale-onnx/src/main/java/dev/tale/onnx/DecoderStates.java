package dev.tale.onnx;

import dev.tale.model.HiddenStates;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.onnx.session.StateReader;
import java.util.List;

/** Hidden states of a decoder on an open session. */
record DecoderStates(RequestEncoder encoder, StateReader reader) implements HiddenStates {

  @Override
  public int width() {
    return reader.width();
  }

  @Override
  public List<float[][]> atLastPromptToken(List<Request> requests, LayerMask mask) {
    return reader.atLastPromptToken(encoder.encode(requests), mask);
  }
}
