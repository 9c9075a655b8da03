package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.gate.GatedGraph;

/**
 * A gated graph that ONNX Runtime has loaded, and what its runs share.
 *
 * @param graph what was loaded
 * @param session that it became; owned
 * @param gates that open and shut its branches; owned
 * @param runs that it has run
 * @param counter of these runs and of those of other forms of the graph
 * @param cacheRows takes rows out of caches; owned
 */
public record Loaded(
    GatedGraph graph,
    Native<OrtSession> session,
    Gates gates,
    Runs runs,
    RunCounter counter,
    CacheRows cacheRows)
    implements AutoCloseable {

  /**
   * Loads a graph.
   *
   * @throws UnsupportedModelException if the device is not there or ONNX Runtime refuses the model
   */
  public static Loaded of(
      GatedGraph graph, SessionConfig config, RunCounter counter, Tuning tuning) {
    Native<OrtSession> session = load(graph, config, tuning);
    try {
      return new Loaded(
          graph,
          session,
          Gates.of(graph),
          new Runs(session.get()::run, counter),
          counter,
          new CacheRows());
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static Native<OrtSession> load(GatedGraph graph, SessionConfig config, Tuning tuning) {
    try (Native<SessionOptions> options = Native.own(SessionOptions::new)) {
      return Native.own(
          () -> {
            config.apply(options.get());
            if (graph.externalDataFolder().isPresent()) {
              options
                  .get()
                  .addConfigEntry(
                      "session.model_external_initializers_file_folder_path",
                      graph.externalDataFolder().get().toString());
            }
            tuning.apply(graph, options.get());
            return OrtEnvironment.getEnvironment().createSession(graph.modelBytes(), options.get());
          });
    } catch (RuntimeFailure e) {
      throw new UnsupportedModelException(
          "ONNX Runtime does not load the gated model"
              + (graph.cacheLayout().isPresent() ? " with key-value caches" : "")
              + " on "
              + config.device()
              + ": "
              + e.getMessage()
              + (e.outOfMemory()
                  ? "; free memory and ask again, or use a smaller model or another device"
                  : "; check that this ONNX Runtime runs the original model"),
          e);
    }
  }

  @Override
  public void close() {
    try (session;
        gates) {
      cacheRows.close();
    }
  }
}
