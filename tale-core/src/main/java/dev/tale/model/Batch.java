package dev.tale.model;

import java.io.Serializable;
import java.util.List;

/**
 * Rows and the masks under which they are asked: the unit of a model's work. A row is all that is
 * asked of it, as the choices of one question, which begin alike and belong together wherever a
 * batch is cut. A plain value, to be sent to another thread or machine.
 *
 * @param rows requests by row
 * @param masks masks, each of every row
 */
public record Batch(List<List<Request>> rows, List<LayerMask> masks) implements Serializable {

  /** Copies the rows and the masks. */
  public Batch {
    rows = rows.stream().map(List::copyOf).toList();
    masks = List.copyOf(masks);
  }

  /** A batch in which each request is a row of its own. */
  public static Batch of(List<Request> requests, List<LayerMask> masks) {
    return new Batch(requests.stream().map(List::of).toList(), masks);
  }

  /** All requests, row after row. */
  public List<Request> requests() {
    return rows.stream().flatMap(List::stream).toList();
  }
}
