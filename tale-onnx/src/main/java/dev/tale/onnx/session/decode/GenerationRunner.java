package dev.tale.onnx.session.decode;

import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.CachePort;
import dev.tale.onnx.session.batch.PaddedBatch;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Loaded;
import dev.tale.onnx.session.runtime.Outputs;
import dev.tale.onnx.session.runtime.Padding;
import dev.tale.onnx.session.walk.BatchRunner;
import dev.tale.onnx.session.walk.HeadOutput;
import dev.tale.onnx.session.walk.Hidden;
import dev.tale.onnx.session.walk.PartRunner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Layers of a decoder that remember the prompts of a batch, and where the last layer has run, the
 * head and the rest of each answer.
 *
 * @param runner runs the layers on the prompts
 * @param batch the prompts
 * @param requests what is asked, by sequence
 * @param rules what ends an answer
 */
public record GenerationRunner(
    BatchRunner runner, PaddedBatch batch, List<TokenRequest.Generate> requests, DraftRules rules)
    implements PartRunner<List<Draft>> {

  @Override
  public Hidden body(Hidden entry, List<Integer> layers, KeyValues beginning) {
    List<CachePort> ports = KeyValues.ports(runner.loaded().graph(), layers);
    Set<String> wanted = new HashSet<>(Set.of(GatedGraph.HIDDEN_OUT));
    ports.forEach(port -> wanted.add(port.present()));
    try (Outputs outputs = runner.run(entry, layers, beginning, false, wanted)) {
      return new CachedHidden(
          outputs.take(GatedGraph.HIDDEN_OUT),
          before(entry).and(KeyValues.take(outputs, ports)),
          layersAfter(entry, layers));
    }
  }

  /** Returns the drafts by member of the batch, all finished. */
  @Override
  public List<Draft> finish(Hidden entry, List<Integer> layers, KeyValues beginning) {
    List<CachePort> ports = KeyValues.ports(runner.loaded().graph(), layers);
    List<Integer> all = layersAfter(entry, layers);
    KeyValues keyValues;
    List<Draft> drafts;
    Set<String> wanted = HeadOutput.namesAnd(ports, rules.choice().readsLogits());
    try (Outputs outputs = runner.run(entry, layers, beginning, true, wanted)) {
      drafts = drafts(HeadOutput.of(outputs));
      keyValues = before(entry).and(KeyValues.take(outputs, ports));
    }
    try (CachedDecoding decoding =
        new CachedDecoding(
            runner.loaded(), rules, all, drafts, batch.length(), endingTogether(keyValues, all))) {
      decoding.finish();
    }
    return drafts;
  }

  private List<Draft> drafts(HeadOutput output) {
    List<Draft> drafts = new ArrayList<>();
    for (int row = 0; row < batch.size(); row++) {
      Draft draft = new Draft(requests.get(batch.members().get(row)));
      rules.accept(draft, output, row);
      drafts.add(draft);
    }
    return drafts;
  }

  /**
   * Prompts behind a shared beginning are padded behind their tokens: padding between the two would
   * move the window of a sliding attention. Where caches want rows to end together, the padding is
   * moved before the beginning, at the price of one copy of the caches, about that of a token.
   */
  private KeyValues endingTogether(KeyValues keyValues, List<Integer> layers) {
    Loaded loaded = runner.loaded();
    int length = batch.length();
    boolean ended = Padding.of(loaded.graph()) == Padding.RIGHT || batch.prefix() == 0;
    if (ended || batch.get(0).length() == length) {
      return keyValues;
    }
    int[] rows = IntStream.range(0, batch.size()).toArray();
    int[] firsts = IntStream.of(rows).map(row -> batch.get(row).length() - length).toArray();
    try (keyValues) {
      List<CachePort> ports = KeyValues.ports(loaded.graph(), layers);
      return loaded.cacheRows().select(keyValues, ports, rows, firsts, length);
    }
  }

  private static KeyValues before(Hidden entry) {
    return entry instanceof CachedHidden cached ? cached.keyValues() : KeyValues.none();
  }

  private static List<Integer> layersAfter(Hidden entry, List<Integer> layers) {
    List<Integer> all =
        new ArrayList<>(entry instanceof CachedHidden cached ? cached.layers() : List.of());
    all.addAll(layers);
    return List.copyOf(all);
  }
}
