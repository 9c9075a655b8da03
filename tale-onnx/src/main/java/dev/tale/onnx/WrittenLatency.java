package dev.tale.onnx;

import com.google.common.collect.Lists;
import com.google.common.io.Closer;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LatencyMeter.Latencies;
import dev.tale.model.LatencyMeter.Times;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Timing;
import dev.tale.onnx.graph.ModelDirectory;
import dev.tale.onnx.graph.Staged;
import dev.tale.onnx.session.PlainSession;
import dev.tale.onnx.session.SessionConfig;
import dev.tale.onnx.session.Turns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Writes models into the directory of temporary files, loads them in ordinary sessions and times
 * them by turns. What is written and loaded is gone when a call ends, however it ends.
 *
 * <p>Implementation note: not all models of a path fit into memory at once. They are loaded in
 * groups, the baseline in each, and each model is compared with the baseline in its own turns.
 *
 * @param directory the original
 * @param device where to run
 * @param answers the original's, on its open session
 * @param memory bytes that are available now
 */
record WrittenLatency(
    ModelDirectory directory, SessionConfig device, Answers answers, LongSupplier memory) {
  /** Written models up to so many bytes in all are loaded together; always two. */
  private static final long LOADED_BYTES = 2L << 30;

  /** Followed by the process, so that what a killed one has left can be told apart. */
  private static final String PREFIX = "tale-latency-";

  /** A runtime may hold a file and what it makes of it at once. */
  private static final long LOADING = 2;

  Latencies measure(List<LayerMask> masks, List<Request> requests, Timing timing)
      throws IOException {
    return measure(masks, requests, timing, LOADED_BYTES);
  }

  Latencies measure(List<LayerMask> masks, List<Request> requests, Timing timing, long loadedBytes)
      throws IOException {
    if (masks.isEmpty() || requests.isEmpty()) {
      throw new IllegalArgumentException(
          masks.size() + " masks and " + requests.size() + " requests; give at least 1 of each");
    }
    List<ImmutableLongArray> prompts = answers.prompts(requests);
    try (Closer closer = Closer.create()) {
      Path parent = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
      closer.register(() -> delete(parent));
      Written baseline = write(masks.get(0), parent, closer);
      List<Times> times = new ArrayList<>();
      int together = (int) Math.max(1, Math.min(masks.size(), loadedBytes / baseline.bytes() - 1));
      List<LayerMask> others = masks.subList(1, masks.size());
      for (List<LayerMask> group :
          others.isEmpty() ? List.of(others) : Lists.partition(others, together)) {
        List<Times> some = time(baseline, group, parent, prompts, timing);
        times.addAll(times.isEmpty() ? some : some.subList(1, some.size()));
      }
      long tokens = prompts.stream().mapToLong(ImmutableLongArray::length).sum();
      return new Latencies(times, prompts.size(), tokens, device.threads(), device.runtime());
    }
  }

  /** The baseline's are the first. */
  private List<Times> time(
      Written baseline,
      List<LayerMask> group,
      Path parent,
      List<ImmutableLongArray> prompts,
      Timing timing)
      throws IOException {
    try (Closer closer = Closer.create()) {
      List<Written> models = new ArrayList<>(List.of(baseline));
      for (LayerMask mask : group) {
        models.add(write(mask, parent, closer));
      }
      List<List<Long>> nanos =
          Turns.time(models.stream().map(Written::session).toList(), prompts, timing);
      List<Times> times = new ArrayList<>();
      for (Written model : models) {
        times.add(new Times(model.mask(), nanos.get(times.size()), nanos.get(0), model.bytes()));
      }
      return times;
    }
  }

  /** Writes and loads a model; the closer ends both. */
  private Written write(LayerMask mask, Path parent, Closer closer) throws IOException {
    Staged staged = directory.excise(mask, parent.resolve("model"), Map.of());
    closer.register(staged::close);
    long bytes = VerifiedExport.bytes(staged);
    requireMemory(bytes);
    PlainSession session =
        PlainSession.open(VerifiedExport.graph(staged), directory.stream().result(), device);
    closer.register(session::close);
    return new Written(mask, session, bytes);
  }

  /** Where memory runs out, systems kill the process, and what it has found is lost. */
  private void requireMemory(long bytes) throws IOException {
    long needed = LOADING * bytes;
    long available = memory.getAsLong();
    if (needed > available) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "to load a written model takes up to %,d bytes of memory, and %,d are available; free"
                  + " some, or export a model and time it in a process of its own",
              needed,
              available));
    }
  }

  private static void delete(Path directory) throws IOException {
    MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  /**
   * A model that is on disk and loaded.
   *
   * @param mask layers that it lacks
   * @param session what loaded it
   * @param bytes size of its files
   */
  private record Written(LayerMask mask, PlainSession session, long bytes) {}
}
