package dev.tale.onnx.session;

import dev.tale.model.LayerMask;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.decode.Draft;
import dev.tale.onnx.session.decode.DraftRules;
import dev.tale.onnx.session.decode.Drafts;
import dev.tale.onnx.session.walk.Traversal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Decoding with key-value caches.
 *
 * <p>Implementation note: requests are sorted by the length of their prompts and run in batches. A
 * batch walks the tree of masks once; masks that agree on their first layers share these layers'
 * work on the prompts and what they remember. At each leaf the batch is decoded to the end, so that
 * the caches of one mask are all that is held, whatever the number of masks. What is generated is
 * not shared: the masks say different things.
 *
 * @param session what runs
 * @param rules what ends an answer
 * @param traversal how the prompts are run
 */
record CachingGenerator(
    GatedSession session, DraftRules rules, Function<List<LayerMask>, Traversal> traversal)
    implements Generator {

  @Override
  public Drafts generate(List<TokenRequest.Generate> requests, List<LayerMask> masks) {
    Map<TokenRequest.Generate, Integer> distinct = new LinkedHashMap<>();
    requests.forEach(request -> distinct.putIfAbsent(request, distinct.size()));
    Drafts drafts =
        session.generate(
            List.copyOf(distinct.keySet()), masks.size(), traversal.apply(masks), rules);
    List<List<Draft>> byMask =
        drafts.byMask().stream()
            .map(
                ofMask ->
                    requests.stream()
                        .map(request -> ofMask.get(distinct.getOrDefault(request, 0)))
                        .toList())
            .toList();
    return new Drafts(byMask, drafts.promptTokens());
  }
}
