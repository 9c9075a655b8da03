package dev.tale.onnx.nano;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How far each way of running nano-llama is from the one before: largest absolute difference of a
 * logit after the last token of a prompt, over all prompts and the whole vocabulary.
 *
 * @param plainFromPyTorch ONNX Runtime on the original, from PyTorch's dump
 * @param gatedFromPlain gated, nothing skipped, from ONNX Runtime on the original
 * @param maskedFromPyTorch gated under each mask, from PyTorch with those layers deleted
 * @param excisedFromGated written without the layers, from gated under the same mask
 * @param prompts number of prompts
 * @param masks number of masks that remove something
 */
public record LadderReport(
    double plainFromPyTorch,
    double gatedFromPlain,
    double maskedFromPyTorch,
    double excisedFromGated,
    int prompts,
    int masks) {

  /**
   * Climbs the ladder.
   *
   * @param scratch an existing directory for the models written
   * @param threads threads of the CPU
   * @throws IOException if a model cannot be read or written
   */
  public static LadderReport measure(Path scratch, int threads) throws IOException {
    SessionConfig cpu = SessionConfig.cpu(threads);
    ModelDirectory model = ModelDirectory.open(NanoLlama.directory());
    GatedGraph graph = GatedGraph.of(model.stream(), ConditionForm.BOOL);
    try (GatedSession gated = GatedSession.open(graph, cpu);
        PlainSession plain = plain(model.graph().file(), model, cpu)) {
      return new Rungs(ExpectedLogits.read(graph.layerCount()), model, gated, plain)
          .report(scratch, cpu);
    }
  }

  private static PlainSession plain(Path file, ModelDirectory model, SessionConfig cpu) {
    return PlainSession.open(file, model.stream().result(), cpu);
  }

  private record Rungs(
      ExpectedLogits expected, ModelDirectory model, GatedSession gated, PlainSession plain) {

    LadderReport report(Path scratch, SessionConfig cpu) throws IOException {
      double plainFromPyTorch = 0;
      double gatedFromPlain = 0;
      double maskedFromPyTorch = 0;
      double excisedFromGated = 0;
      for (int prompt = 0; prompt < expected.texts().size(); prompt++) {
        float[] original = plain(plain, prompt);
        plainFromPyTorch =
            Math.max(plainFromPyTorch, difference(original, expected.logits(0, prompt)));
        gatedFromPlain =
            Math.max(gatedFromPlain, difference(gated(expected.masks().get(0), prompt), original));
      }
      for (int mask = 1; mask < expected.masks().size(); mask++) {
        List<float[]> gated = gated(mask);
        maskedFromPyTorch = Math.max(maskedFromPyTorch, masked(mask, gated));
        excisedFromGated = Math.max(excisedFromGated, excised(mask, gated, scratch, cpu));
      }
      return new LadderReport(
          plainFromPyTorch,
          gatedFromPlain,
          maskedFromPyTorch,
          excisedFromGated,
          expected.texts().size(),
          expected.masks().size() - 1);
    }

    private List<float[]> gated(int mask) {
      LayerMask layers = expected.masks().get(mask);
      return IntStream.range(0, expected.texts().size())
          .mapToObj(prompt -> gated(layers, prompt))
          .toList();
    }

    private double masked(int mask, List<float[]> gated) {
      double largest = 0;
      for (int prompt = 0; prompt < gated.size(); prompt++) {
        largest = Math.max(largest, difference(gated.get(prompt), expected.logits(mask, prompt)));
      }
      return largest;
    }

    private double excised(int mask, List<float[]> gated, Path scratch, SessionConfig cpu)
        throws IOException {
      LayerMask layers = expected.masks().get(mask);
      double largest = 0;
      try (Staged staged = model.excise(layers, scratch.resolve("excised-" + mask), Map.of());
          PlainSession written =
              LadderReport.plain(staged.directory().resolve("model.onnx"), model, cpu)) {
        for (int prompt = 0; prompt < gated.size(); prompt++) {
          largest = Math.max(largest, difference(plain(written, prompt), gated.get(prompt)));
        }
      }
      return largest;
    }

    private float[] plain(PlainSession session, int prompt) {
      ImmutableLongArray tokens = expected.tokens().get(prompt);
      return session.output(tokens, List.of(tokens.length() - 1)).get(0);
    }

    private float[] gated(LayerMask mask, int prompt) {
      ImmutableLongArray tokens = expected.tokens().get(prompt);
      return gated.output(tokens, List.of(tokens.length() - 1), mask).get(0);
    }

    /** {@link Math#max} keeps a NaN. */
    private static double difference(float[] one, float[] other) {
      double largest = 0;
      for (int token = 0; token < one.length; token++) {
        largest = Math.max(largest, Math.abs((double) one[token] - other[token]));
      }
      return largest;
    }
  }
}
