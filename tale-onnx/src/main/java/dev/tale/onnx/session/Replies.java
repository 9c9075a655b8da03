package dev.tale.onnx.session;

import dev.tale.model.LayerMask;
import dev.tale.model.PlannedWork;
import dev.tale.model.Response;
import java.util.List;

/**
 * Responses to requests in tokens, and the work that was planned for them.
 *
 * @param responses responses by mask, then by request
 * @param cost as {@link SessionPlan#cost} tells it in advance
 */
public record Replies(List<List<Response>> responses, PlannedWork cost) {

  /** Replies where nothing was asked. */
  static Replies none(List<LayerMask> masks) {
    return new Replies(masks.stream().map(mask -> List.<Response>of()).toList(), PlannedWork.NONE);
  }
}
