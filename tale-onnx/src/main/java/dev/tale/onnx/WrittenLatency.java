package dev.tale.onnx;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import com.google.common.io.Closer;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.files.TemporaryFolder;
import dev.tale.model.LatencyMeter.Latencies;
import dev.tale.model.LatencyMeter.PerToken;
import dev.tale.model.LatencyMeter.Times;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Timing;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.onnx.session.runtime.Turns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Writes models into the directory of temporary files, loads them in ordinary sessions and times
 * them by turns. What is written and loaded is gone when a call ends, however it ends.
 *
 * <p>Implementation note: not all models of a path fit into memory at once. They are loaded in
 * groups, the baseline in each, and each model is compared with the baseline in its own turns.
 * Where text is asked for and it is known how caches go on, generated tokens are timed in turns of
 * their own, after those of the forward passes.
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

  /** Tokens of a turn that are generated after a prompt; fewer if the requests want fewer. */
  static final int TOKENS = 16;

  /** Followed by the process, so that what a killed one has left can be told apart. */
  private static final String PREFIX = "tale-latency";

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
    if (timing.batchSize() > 1 && directory.stream().inputSizes().singleRow()) {
      throw new UnsupportedModelException(
          directory.graph().file()
              + ": takes one sequence in a run, but the timing asks for batches of "
              + timing.batchSize()
              + "; time it with a batch size of 1");
    }
    List<ImmutableLongArray> prompts = answers.prompts(requests);
    try (Closer closer = Closer.create()) {
      Path parent = closer.register(TemporaryFolder.create(PREFIX)).path();
      Written baseline = write(masks.get(0), parent, closer);
      List<Times> times = new ArrayList<>();
      int together = (int) Math.max(1, Math.min(masks.size(), loadedBytes / baseline.bytes() - 1));
      List<LayerMask> others = masks.subList(1, masks.size());
      for (List<LayerMask> group :
          others.isEmpty() ? List.of(others) : Lists.partition(others, together)) {
        List<Times> some = time(baseline, group, parent, prompts, requests, timing);
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
      List<Request> requests,
      Timing timing)
      throws IOException {
    try (Closer closer = Closer.create()) {
      List<Written> models = new ArrayList<>(List.of(baseline));
      for (LayerMask mask : group) {
        models.add(write(mask, parent, closer));
      }
      List<PlainSession> sessions = models.stream().map(Written::session).toList();
      List<List<Long>> nanos = Turns.time(sessions, prompts, timing);
      List<PerToken> perToken = perToken(sessions, requests, timing);
      return IntStream.range(0, models.size())
          .mapToObj(
              i ->
                  new Times(
                      models.get(i).mask(),
                      nanos.get(i),
                      nanos.get(0),
                      models.get(i).bytes(),
                      perToken.isEmpty() ? Optional.empty() : Optional.of(perToken.get(i))))
          .toList();
    }
  }

  /** Returns nothing if no text of two tokens is asked for, or the model has no caches to go on. */
  private List<PerToken> perToken(
      List<PlainSession> sessions, List<Request> requests, Timing timing) {
    List<Request> generations =
        requests.stream().filter(each -> tokensAfterFirst(each) > 0).toList();
    ImmutableMap<String, String> caches = directory.caches();
    if (generations.isEmpty() || caches.isEmpty()) {
      return List.of();
    }
    int fewest =
        generations.stream().mapToInt(WrittenLatency::tokensAfterFirst).min().orElseThrow();
    int tokens = Math.min(TOKENS, fewest);
    List<List<Long>> nanos =
        Turns.timeTokens(sessions, answers.prompts(generations), tokens, caches, timing);
    return nanos.stream().map(own -> new PerToken(tokens, own, nanos.get(0))).toList();
  }

  private static int tokensAfterFirst(Request request) {
    return request instanceof Request.Generation generation ? generation.maxNewTokens() - 1 : 0;
  }

  /** Writes and loads a model; the closer ends both. */
  private Written write(LayerMask mask, Path parent, Closer closer) throws IOException {
    requireDisk(parent);
    Staged staged = directory.excise(mask, parent.resolve("model"), Map.of());
    closer.register(staged::close);
    long bytes = staged.bytes();
    requireMemory(bytes);
    PlainSession session =
        PlainSession.open(
            VerifiedExport.graph(staged),
            directory.stream().result(),
            device,
            directory.cacheFormats());
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

  /** A model is no larger than the original. */
  private void requireDisk(Path parent) throws IOException {
    long needed = directory.bytes();
    long usable = Files.getFileStore(parent).getUsableSpace();
    if (needed > usable) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "to write a model takes up to %,d bytes of disk, and %,d are free in %s; free some, or"
                  + " set java.io.tmpdir to another directory",
              needed,
              usable,
              parent.getParent()));
    }
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
