package dev.tale.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Responses to a {@link Batch}, and the work that they took.
 *
 * @param responses responses by mask, then by row, then by request of the row
 * @param cost work planned for the batch, a function of the batch alone
 */
public record Answer(List<List<List<Response>>> responses, PlannedWork cost)
    implements Serializable {

  /** Copies the responses. */
  public Answer {
    responses = responses.stream().map(rows -> rows.stream().map(List::copyOf).toList()).toList();
  }

  /**
   * The answer to a batch whose requests were answered one after another, row after row.
   *
   * @param responses responses by mask, then by request
   * @throws IllegalArgumentException if there is not a response for each mask and request
   */
  public static Answer of(Batch batch, List<List<Response>> responses, PlannedWork cost) {
    if (responses.size() != batch.masks().size()) {
      throw new IllegalArgumentException(
          "There are responses for "
              + responses.size()
              + " masks, but the batch has "
              + batch.masks().size());
    }
    return new Answer(responses.stream().map(flat -> byRow(batch, flat)).toList(), cost);
  }

  private static List<List<Response>> byRow(Batch batch, List<Response> flat) {
    List<List<Response>> rows = new ArrayList<>();
    int next = 0;
    for (List<Request> row : batch.rows()) {
      rows.add(flat.subList(next, next + row.size()));
      next += row.size();
    }
    if (next != flat.size()) {
      throw new IllegalArgumentException(
          "There are " + flat.size() + " responses to " + next + " requests");
    }
    return rows;
  }

  /** Responses by mask, then by request, row after row. */
  public List<List<Response>> byRequest() {
    return responses.stream().map(rows -> rows.stream().flatMap(List::stream).toList()).toList();
  }
}
