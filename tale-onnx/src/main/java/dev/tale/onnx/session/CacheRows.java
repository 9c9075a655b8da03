package dev.tale.onnx.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tale.onnx.graph.CachePort;
import dev.tale.onnx.graph.CacheSelection;
import dev.tale.onnx.graph.HiddenType;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes rows out of keys and values without a copy through the Java heap: a small session of its
 * own for each element type, opened when it is first needed. It runs on the CPU, where the runtime
 * puts whatever it gives to Java.
 */
final class CacheRows implements AutoCloseable {
  private final Map<HiddenType, Native<OrtSession>> sessions = new EnumMap<>(HiddenType.class);

  /**
   * Returns some rows, and of their tokens those from {@code from} to {@code to}, exclusive.
   *
   * @param keyValues of every port; they stay the caller's
   */
  KeyValues select(KeyValues keyValues, List<CachePort> ports, long[] rows, int from, int to) {
    Map<CachePort, Native<OnnxTensor>> selected = new HashMap<>();
    try (Native<OnnxTensor> chosen = Tensors.longs(rows, rows.length);
        Native<OnnxTensor> first = Tensors.longs(new long[] {from}, 1);
        Native<OnnxTensor> end = Tensors.longs(new long[] {to}, 1)) {
      for (CachePort port : ports) {
        Map<String, OnnxTensor> inputs =
            Map.of(
                CacheSelection.CACHE, keyValues.get(port),
                CacheSelection.ROWS, chosen.get(),
                CacheSelection.FROM, first.get(),
                CacheSelection.TO, end.get());
        selected.put(port, run(session(port.format().type()), inputs));
      }
      return KeyValues.of(selected);
    } catch (RuntimeException e) {
      selected.values().forEach(Native::close);
      throw e;
    }
  }

  private static Native<OnnxTensor> run(OrtSession session, Map<String, OnnxTensor> inputs) {
    Set<String> wanted = Set.of(CacheSelection.SELECTED);
    return Native.own(() -> (OnnxTensor) session.run(inputs, wanted).get(0));
  }

  private synchronized OrtSession session(HiddenType type) {
    return sessions.computeIfAbsent(type, CacheRows::open).get();
  }

  private static Native<OrtSession> open(HiddenType type) {
    try (Native<SessionOptions> options = Native.own(SessionOptions::new)) {
      return Native.own(
          () -> {
            SessionConfig.cpu(1).apply(options.get());
            return OrtEnvironment.getEnvironment()
                .createSession(CacheSelection.model(type), options.get());
          });
    }
  }

  @Override
  public void close() {
    sessions.values().forEach(Native::close);
    sessions.clear();
  }
}
