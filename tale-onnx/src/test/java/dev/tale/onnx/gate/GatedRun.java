package dev.tale.onnx.gate;

import dev.tale.model.LayerMask;
import dev.tale.onnx.graph.OrtModel;
import dev.tale.onnx.graph.OrtModel.Array;
import dev.tale.onnx.graph.Prompts;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Runs a gated graph. */
public record GatedRun(GatedGraph graph, OrtModel model) {

  /** From the tokens to the logits of every position, without the layers of the mask. */
  public Map<String, Array> whole(Prompts prompts, LayerMask mask) {
    long[] all = LongStream.range(0, prompts.ids().length).toArray();
    return at(prompts, all, 1, mask);
  }

  /** From the tokens to the head on some positions, asking for the first {@code tokens} tokens. */
  Map<String, Array> at(Prompts prompts, long[] positions, int tokens, LayerMask mask) {
    Map<String, Array> feeds = feeds(prompts, null, true, mask);
    feed(feeds, positions, tokens);
    return model.run(feeds);
  }

  /** Enters with {@code hidden}, or the tokens if null, and stays without the head. */
  public Map<String, Array> segment(Prompts prompts, @Nullable Array hidden, LayerMask mask) {
    return model.run(feeds(prompts, hidden, false, mask));
  }

  /** Enters with {@code hidden} and ends with the logits of every position. */
  Map<String, Array> tail(Prompts prompts, Array hidden, LayerMask mask) {
    Map<String, Array> feeds = feeds(prompts, hidden, true, mask);
    feed(feeds, LongStream.range(0, prompts.ids().length).toArray(), 1);
    return model.run(feeds);
  }

  private static void feed(Map<String, Array> feeds, long[] positions, int tokens) {
    long[] wanted =
        LongStream.range(0, (long) positions.length * tokens).map(i -> i % tokens).toArray();
    feeds.put(GatedGraph.POSITIONS, new Array(positions, positions.length));
    feeds.put(GatedGraph.TOKENS, new Array(wanted, positions.length, tokens));
  }

  Map<String, Array> feeds(Prompts prompts, @Nullable Array hidden, boolean head, LayerMask mask) {
    Map<String, Array> feeds = prompts.feeds(model.inputs());
    feeds.put(
        GatedGraph.HIDDEN,
        hidden == null ? new Array(new float[0], 0, 0, graph.hiddenSize()) : hidden);
    feeds.put(GatedGraph.EMBEDDING_GATE, gate(hidden == null));
    for (int layer = 0; layer < graph.layerCount(); layer++) {
      feeds.put(GatedGraph.layerGate(layer), gate(!mask.removes(layer)));
    }
    if (graph.hasHead()) {
      feeds.put(GatedGraph.HEAD_GATE, gate(head));
      feeds.put(GatedGraph.POSITIONS, new Array(new long[0], 0));
      feeds.put(GatedGraph.TOKENS, new Array(new long[0], 0, 1));
    }
    return feeds;
  }

  private Array gate(boolean on) {
    if (graph.conditionForm() == ConditionForm.BOOL) {
      return new Array(new byte[] {(byte) (on ? 1 : 0)});
    }
    return on ? new Array(new byte[] {0}, 1) : new Array(new byte[0], 0);
  }
}
