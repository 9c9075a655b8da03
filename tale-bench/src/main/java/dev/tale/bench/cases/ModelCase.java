package dev.tale.bench.cases;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.text.Continuation;
import dev.tale.onnx.text.PromptEncoder;
import dev.tale.onnx.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Asks and exports one model under every mask of its expectation, and keeps the differences. */
final class ModelCase {
  private final Path model;
  private final Expectation expected;
  private final OnnxModel open;
  private final ImmutableList<Request> requests;
  private final Differences differences = new Differences();

  private ModelCase(Path model, Expectation expected, OnnxModel open) {
    this.model = model;
    this.expected = expected;
    this.open = open;
    this.requests = requests(expected);
  }

  /**
   * Measures an open model.
   *
   * @throws IOException if the model, or what is written of it, cannot be read
   */
  static Differences measure(Path model, Expectation expected, OnnxModel open) throws IOException {
    ModelCase measured = new ModelCase(model, expected, open);
    Path scratch = Files.createTempDirectory("tale-cases-");
    try {
      measured.measure(scratch);
      return measured.differences;
    } finally {
      MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** The questions of an expectation: its continuations or, of an encoder, pairs of its texts. */
  static ImmutableList<Request> requests(Expectation expected) {
    ImmutableList.Builder<Request> requests = ImmutableList.builder();
    for (String prompt : expected.prompts()) {
      if (expected.logLikelihoods().isEmpty()) {
        requests.add(new Request.Similarity(expected.prompts().get(0), prompt));
      }
      for (String continuation : expected.continuations()) {
        if (!expected.logLikelihoods().isEmpty()) {
          requests.add(new Request.LogLikelihood(prompt, continuation));
        }
      }
    }
    return requests.build();
  }

  private void measure(Path scratch) throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.open(model.resolve("tokenizer.json"))) {
      original(tokenizer);
      PromptEncoder encoder = new PromptEncoder(tokenizer);
      for (int mask = 0; mask < expected.masks().size(); mask++) {
        List<Response> answers = open.respond(requests, List.of(mask(mask))).get(0);
        answers(mask, answers);
        exports(mask, answers, scratch.resolve("mask-" + mask), encoder);
      }
    }
  }

  private LayerMask mask(int index) {
    int[] removed = expected.masks().get(index).stream().mapToInt(layer -> layer).toArray();
    return LayerMask.of(open.info().layerCount(), removed);
  }

  private void original(TextTokenizer tokenizer) throws IOException {
    int whole = expected.masks().indexOf(ImmutableList.<Integer>of());
    try (PlainModel plain = PlainModel.open(ModelDirectory.open(model).graph().file())) {
      for (int prompt = 0; prompt < expected.prompts().size(); prompt++) {
        ImmutableLongArray tokens = expected.tokens().get(prompt);
        differences.tokens(tokenizer.encode(expected.prompts().get(prompt), true).equals(tokens));
        if (whole >= 0) {
          differences.original(plain.output(tokens), expected.output(whole, prompt));
        }
      }
    }
  }

  private void answers(int mask, List<Response> answers) throws IOException {
    for (int request = 0; request < requests.size(); request++) {
      double value = value(answers.get(request));
      differences.answer(value, expectedValue(mask, request));
    }
  }

  private double expectedValue(int mask, int request) throws IOException {
    double[][] sums = expected.logLikelihoods().get(mask);
    if (sums == null) {
      return LogitFigures.cosine(expected.output(mask, 0), expected.output(mask, request));
    }
    int choices = expected.continuations().size();
    return sums[request / choices][request % choices];
  }

  private static double value(Response answer) {
    return answer instanceof Response.Similarity similarity
        ? similarity.cosine()
        : ((Response.LogLikelihood) answer).sum();
  }

  /** Writes the model under a mask and runs it without Tale. */
  private void exports(int mask, List<Response> answers, Path target, PromptEncoder encoder)
      throws IOException {
    open.exporter().orElseThrow().export(mask(mask), target, Map.of(), requests);
    try (PlainModel plain = PlainModel.open(ModelDirectory.open(target).graph().file())) {
      for (int prompt = 0; prompt < expected.prompts().size(); prompt++) {
        float[][] output = plain.output(expected.tokens().get(prompt));
        differences.export(output, expected.output(mask, prompt));
      }
      for (int request = 0; request < requests.size(); request++) {
        differences.agreement(
            value(answers.get(request)), plainValue(plain, requests.get(request), encoder));
      }
    }
  }

  private static double plainValue(PlainModel plain, Request request, PromptEncoder encoder)
      throws IOException {
    if (request instanceof Request.Similarity pair) {
      return LogitFigures.cosine(
          plain.output(encoder.encode(pair.text())), plain.output(encoder.encode(pair.other())));
    }
    Request.LogLikelihood asked = (Request.LogLikelihood) request;
    Continuation both = encoder.encode(((Prompt.Text) asked.prompt()).text(), asked.continuation());
    return LogitFigures.logLikelihood(plain.output(both.tokens()), both.tokens(), both.from());
  }
}
