package dev.tale.onnx.session;

import dev.tale.model.LayerMask;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.decode.Drafts;
import java.util.List;

/** A way to decode greedily. Every way gives the same tokens, but for ties within rounding. */
interface Generator {

  /** Decodes every request under every mask to its end. */
  Drafts generate(List<TokenRequest.Generate> requests, List<LayerMask> masks);
}
