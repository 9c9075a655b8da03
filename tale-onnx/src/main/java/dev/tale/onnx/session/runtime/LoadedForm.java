package dev.tale.onnx.session.runtime;

import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.gate.GatedGraph;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The form of a graph that is loaded, of two: none before it is asked for, and one at a time, as
 * each holds the weights. A form goes before the other comes. If loading fails nothing is loaded,
 * and whoever asks next loads what is asked for: memory that is short now may be there then.
 */
public final class LoadedForm implements AutoCloseable {
  private final GatedGraph plain;
  private final GatedGraph caching;
  private final Function<GatedGraph, Loaded> loader;
  private @Nullable Loaded loaded;
  private boolean closed;

  /**
   * Two forms, of which none is loaded yet.
   *
   * @param plain form without caches
   * @param caching form with caches; may be the same
   * @param loader loads a form
   */
  public LoadedForm(GatedGraph plain, GatedGraph caching, Function<GatedGraph, Loaded> loader) {
    this.plain = plain;
    this.caching = caching;
    this.loader = loader;
  }

  /**
   * The loaded form, of either kind; the one without caches if none was.
   *
   * @throws UnsupportedModelException if ONNX Runtime refuses it
   * @throws IllegalStateException if this is closed
   */
  public Loaded get() {
    return loaded == null ? load(plain) : loaded;
  }

  /**
   * Returns the form with caches, loaded in place of the other.
   *
   * @throws UnsupportedModelException if ONNX Runtime refuses it
   * @throws IllegalStateException if this is closed
   */
  public Loaded withCaches() {
    return loaded == null || loaded.graph() != caching ? load(caching) : loaded;
  }

  private Loaded load(GatedGraph graph) {
    requireOpen();
    free();
    Loaded form = loader.apply(graph);
    loaded = form;
    return form;
  }

  private void free() {
    Loaded old = loaded;
    loaded = null;
    if (old != null) {
      old.close();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The model is closed; open it again");
    }
  }

  /** Frees what is loaded. Closing twice has no effect. */
  @Override
  public void close() {
    closed = true;
    free();
  }
}
