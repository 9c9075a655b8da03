package dev.tale.bench.cases;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.layers.HiddenType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of one model.
 *
 * @param name of its directory
 * @param opened whether it could be opened
 * @param refusal why it, or what was asked of it, was refused; empty if it was not
 * @param problem what went wrong in another way; empty if nothing did
 * @param differences from what is expected; null if nothing was run
 * @param agreementLimit how far answers may be from those of an export, if the file is inexact
 */
record CaseRow(
    String name,
    boolean opened,
    String refusal,
    String problem,
    @Nullable Differences differences,
    double agreementLimit) {

  /** Opens, asks and exports a model; what goes wrong becomes part of the row. */
  static CaseRow of(Path directory) {
    String name = directory.getFileName().toString();
    try (OnnxModel model = OnnxModel.open(directory.resolve("model"))) {
      return asked(name, directory, model);
    } catch (ModelFormatException | UnsupportedModelException e) {
      return new CaseRow(name, false, String.valueOf(e.getMessage()), "", null, 0);
    } catch (IOException | RuntimeException | Error e) {
      return new CaseRow(name, false, "", e.toString(), null, 0);
    }
  }

  private static CaseRow asked(String name, Path directory, OnnxModel model) {
    try {
      Optional<Expectation> expected = Expectation.read(directory);
      model.check(
          expected.isPresent()
              ? ModelCase.requests(expected.get())
              : AddedTokens.requests(directory.resolve("model").resolve("tokenizer.json")));
      return expected.isPresent()
          ? measured(name, directory.resolve("model"), expected.get(), model)
          : new CaseRow(name, true, "", "accepts every added token of its tokenizer", null, 0);
    } catch (UnsupportedModelException | UnanswerableRequestException e) {
      return new CaseRow(name, true, String.valueOf(e.getMessage()), "", null, 0);
    } catch (IOException | RuntimeException | Error e) {
      return new CaseRow(name, true, "", e.toString(), null, 0);
    }
  }

  /** A refusal is too late here. */
  private static CaseRow measured(String name, Path path, Expectation expected, OnnxModel model)
      throws IOException {
    try {
      Differences differences = ModelCase.measure(path, expected, model);
      return new CaseRow(name, true, "", "", differences, agreementShare(path) * expected.range());
    } catch (UnsupportedModelException | UnanswerableRequestException e) {
      return new CaseRow(name, true, "", "refused too late: " + e.getMessage(), null, 0);
    }
  }

  private static double agreementShare(Path model) throws IOException {
    ModelDirectory directory = ModelDirectory.open(model);
    boolean quantized =
        directory.graph().proto().getGraph().getNodeList().stream()
            .anyMatch(node -> node.getOpType().contains("uantizeLinear"));
    return quantized || directory.stream().shortestType() == HiddenType.FLOAT ? 5e-2 : 2e-2;
  }

  /** Returns whether the model is right, or refused with its reason before anything ran. */
  boolean ok() {
    return differences == null ? !refusal.isEmpty() : differences.areSmall(agreementLimit);
  }

  private String outcome() {
    if (differences != null) {
      return ok() ? "right" : "wrong";
    }
    return refusal.isEmpty() ? "failed" : "refused";
  }

  ObjectNode json() {
    ObjectNode json =
        new ObjectMapper()
            .createObjectNode()
            .put("name", name)
            .put("opened", opened)
            .put("outcome", outcome())
            .put("ok", ok());
    if (!refusal.isEmpty()) {
      json.put("refusal", refusal);
    }
    if (!problem.isEmpty()) {
      json.put("problem", problem);
    }
    if (differences != null) {
      json.put("sameTokens", differences.isSameTokens())
          .put("originalDifference", differences.original())
          .put("answerDifference", differences.answers())
          .put("answerLimit", differences.answersLimit())
          .put("exportDifference", differences.exports())
          .put("exportLimit", differences.exportsLimit())
          .put("answersAgainstExports", differences.agreement())
          .put("agreementLimit", differences.isExact() ? Differences.EXACT : agreementLimit);
    }
    return json;
  }

  @Override
  public String toString() {
    String found =
        differences == null
            ? refusal + problem
            : String.format(
                Locale.ROOT,
                "original %.1e, answers %.1e of %.0e, exports %.1e of %.0e, between them %.1e",
                differences.original(),
                differences.answers(),
                differences.answersLimit(),
                differences.exports(),
                differences.exportsLimit(),
                differences.agreement());
    return String.format(
        Locale.ROOT, "%-24s %-7s %-6s %s", name, outcome(), ok() ? "ok" : "NOT OK", found);
  }
}
