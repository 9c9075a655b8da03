package dev.tale.onnx.session;

import dev.tale.model.LayerMask;
import java.util.List;

/** A way to decode greedily. Every way gives the same tokens, but for ties within rounding. */
interface Generator {

  /** Returns finished drafts by mask, then by request. */
  List<List<Draft>> generate(List<TokenRequest.Generate> requests, List<LayerMask> masks);
}
