package dev.tale.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The means to put linear maps in the place of removed layers: states of the residual stream to fit
 * them on, and models written with them.
 */
public interface LinearPatches {

  /** Returns the number of components of a state of the residual stream, at least 1. */
  int width();

  /**
   * Finds out whether models with maps can be written.
   *
   * @throws UnsupportedModelException if not; the message says which way works
   */
  void check();

  /**
   * Reads states at some boundaries for every token that the requests feed: of a log-likelihood all
   * tokens but the last. Costs one pass over the requests up to the last of the boundaries; the
   * memory is that of one batch.
   *
   * @param mask the removed layers
   * @param boundaries ascending, each once; 0 is the embedding, i + 1 is what follows layer i of
   *     the original model
   * @param sink takes the states of each request, in an order that depends on the requests alone
   * @throws UnanswerableRequestException as {@link LayeredModel#check} does
   * @throws IllegalArgumentException if the mask is for another number of layers, or there is no
   *     such boundary
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  void read(List<Request> requests, LayerMask mask, List<Integer> boundaries, StateSink sink);

  /**
   * Returns an exporter that writes models with these maps and compares what it wrote with the
   * original run under the mask with the same maps. It throws {@link IllegalArgumentException} if a
   * map has another width or is not in the place of a whole span of the mask, and does what {@link
   * #check} does.
   *
   * @param patches at most one for each span of the mask that will be exported; without any, and
   *     with maps of zeros, the written model is that of {@link LayeredModel#exporter}
   */
  ModelExporter exporter(List<LinearPatch> patches);

  /**
   * Opens a model that the exporter wrote, to be run as this one is. The caller closes it.
   *
   * @throws IOException if it cannot be read
   */
  LayeredModel open(Path directory) throws IOException;

  /** Takes the states of one request. */
  @FunctionalInterface
  interface StateSink {
    /**
     * Takes states.
     *
     * @param request position of the request
     * @param states by boundary as asked, each [tokens, width], row after row; the sink's own. NaN
     *     and infinities are passed on
     */
    void accept(int request, List<float[]> states);
  }
}
