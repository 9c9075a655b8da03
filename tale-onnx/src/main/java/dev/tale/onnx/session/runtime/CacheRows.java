package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tale.onnx.gate.CacheSelection;
import dev.tale.onnx.layers.CacheFormat;
import dev.tale.onnx.layers.CachePort;
import dev.tale.onnx.layers.HiddenType;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes rows, and tokens of them, out of keys and values without a copy through the Java heap: a
 * small session of its own for each element type, opened when it is first needed. It runs on the
 * CPU, where the runtime puts whatever it gives to Java.
 */
public final class CacheRows implements AutoCloseable {
  private final Map<HiddenType, Native<OrtSession>> sessions = new EnumMap<>(HiddenType.class);

  /**
   * Returns tokens of some rows, as many of each.
   *
   * @param keyValues of every port; they stay the caller's
   * @param rows to take
   * @param firsts the first token to take, by row; what comes before token 0 is padding
   * @param tokens number of tokens to take, at least 1
   */
  public KeyValues select(
      KeyValues keyValues, List<CachePort> ports, int[] rows, int[] firsts, int tokens) {
    Map<CacheFormat, Selection> selections = new HashMap<>();
    Map<CachePort, Native<OnnxTensor>> selected = new HashMap<>();
    try {
      for (CachePort port : ports) {
        OnnxTensor cache = keyValues.get(port);
        Selection selection =
            selections.computeIfAbsent(
                port.format(), format -> Selection.of(format, cache, rows, firsts, tokens));
        selected.put(port, run(session(port.format().type()), selection.inputs(cache)));
      }
      return KeyValues.of(selected);
    } catch (RuntimeException e) {
      selected.values().forEach(Native::close);
      throw e;
    } finally {
      selections.values().forEach(Selection::close);
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

  /** What to take of every cache of a format. Owns its tensors. */
  private record Selection(
      Native<OnnxTensor> flat, Native<OnnxTensor> places, Native<OnnxTensor> shape)
      implements AutoCloseable {

    /** All caches of a format are as long as the one that is given. */
    static Selection of(
        CacheFormat format, OnnxTensor cache, int[] rows, int[] firsts, int tokens) {
      long[] from = cache.getInfo().getShape();
      long[] shape = format.shape(rows.length, tokens);
      long[] places = places(format, from, shape, rows, firsts);
      return new Selection(
          Tensors.longs(new long[] {-1, width(format)}, 2),
          Tensors.longs(places, places.length),
          Tensors.longs(shape, shape.length));
    }

    /** Number of elements of one place. */
    private static long width(CacheFormat format) {
      return format.dims().stream().skip(axes(format)).reduce(1, (one, other) -> one * other);
    }

    /** Axes that a place is an index of. */
    private static int axes(CacheFormat format) {
      return 1 + Math.max(format.batchAxis(), format.lengthAxis());
    }

    /** Padding is filled with token 0: finite, and hidden by the attention mask. */
    private static long[] places(
        CacheFormat format, long[] from, long[] shape, int[] rows, int[] firsts) {
      long count = 1;
      for (int axis = 0; axis < axes(format); axis++) {
        count = Math.multiplyExact(count, shape[axis]);
      }
      long[] places = new long[Math.toIntExact(count)];
      long[] index = new long[axes(format)];
      for (int next = 0; next < places.length; next++) {
        places[next] = place(format, from, index, rows, firsts);
        advance(index, shape);
      }
      return places;
    }

    private static long place(
        CacheFormat format, long[] from, long[] index, int[] rows, int[] firsts) {
      int row = (int) index[format.batchAxis()];
      long place = 0;
      for (int axis = 0; axis < index.length; axis++) {
        long at = index[axis];
        if (axis == format.batchAxis()) {
          at = rows[row];
        } else if (axis == format.lengthAxis()) {
          at = Math.max(0, firsts[row] + at);
        }
        place = place * from[axis] + at;
      }
      return place;
    }

    private static void advance(long[] index, long[] shape) {
      int axis = index.length - 1;
      while (axis > 0 && index[axis] == shape[axis] - 1) {
        index[axis] = 0;
        axis--;
      }
      index[axis]++;
    }

    Map<String, OnnxTensor> inputs(OnnxTensor cache) {
      return Map.of(
          CacheSelection.CACHE, cache,
          CacheSelection.FLAT, flat.get(),
          CacheSelection.PLACES, places.get(),
          CacheSelection.SHAPE, shape.get());
    }

    @Override
    public void close() {
      flat.close();
      places.close();
      shape.close();
    }
  }
}
