package dev.tale.bench.prune;

import dev.tale.model.LayerMask;
import dev.tale.model.Message;
import dev.tale.model.Prompt;
import dev.tale.model.Response;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.Question;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Lets a model answer, whole or without some layers. */
@Command(
    name = "ask",
    mixinStandardHelpOptions = true,
    description = "Lets a decoder go on with a prompt, piece by piece.")
final class AskCommand implements Callable<Integer> {
  @Mixin private final ModelOptions model = new ModelOptions();

  @Parameters(arity = "1", paramLabel = "PROMPT", description = "The text.")
  private String prompt = "";

  @Option(names = "--chat", description = "Ask as a user, by the model's own chat template.")
  private boolean chat;

  @Option(
      names = "--tokens",
      defaultValue = "64",
      description = "At most so many tokens (default: ${DEFAULT-VALUE}).")
  private int tokens = 64;

  @Option(names = "--stop", description = "A text that ends the answer; may come several times.")
  private List<String> stops = List.of();

  @Option(names = "--without", split = ",", description = "Indices of layers to skip.")
  private int[] without = {};

  @Option(
      names = "--temperature",
      description = "Draw tokens, logits divided by this (default: take the most likely).")
  private double temperature;

  @Option(
      names = "--top-p",
      defaultValue = "1",
      description = "Draw from the likeliest tokens of this probability (default: 1).")
  private double topP = 1;

  @Option(names = "--seed", defaultValue = "1", description = "Of the draws (default: 1).")
  private long seed = 1;

  @Option(
      names = "--likelihood",
      paramLabel = "TEXT",
      description = "Tell the log-likelihood of this text after the prompt, in place of an answer.")
  private @Nullable String continuation;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    requireFitting();
    PrintWriter writer = spec.commandLine().getOut();
    try (OnnxModel opened = model.builder().open()) {
      if (continuation == null) {
        answer(question(opened), writer);
      } else {
        Response.LogLikelihood likelihood = question(opened).likelihood(continuation);
        writer.printf(Locale.ROOT, "%.6f, %d tokens", likelihood.sum(), likelihood.tokens());
      }
      writer.println();
      writer.flush();
    }
    return 0;
  }

  /** An option that would have no effect is a mistake. */
  private void requireFitting() {
    TypedOptions.atLeastOne("--tokens", tokens);
    TypedOptions options = new TypedOptions(spec);
    if (!options.given("--temperature")) {
      options.refuse("goes with --temperature", "--top-p", "--seed");
    }
    if (continuation != null) {
      options.refuse(
          "goes with an answer, not with --likelihood",
          "--tokens",
          "--stop",
          "--temperature",
          "--top-p",
          "--seed");
    }
  }

  private LayerMask mask(int layers) {
    if (Arrays.stream(without).distinct().count() < without.length) {
      throw new TypeConversionException(
          "--without names a layer twice in " + Arrays.toString(without));
    }
    for (int layer : without) {
      if (layer < 0 || layer >= layers) {
        throw new TypeConversionException(
            "--without has " + layer + "; layers of this model are 0 to " + (layers - 1));
      }
    }
    return LayerMask.of(layers, without);
  }

  private static void answer(Question question, PrintWriter writer) {
    question
        .tellingTo(
            piece -> {
              writer.print(piece);
              writer.flush();
            })
        .answer();
  }

  private Question question(OnnxModel opened) {
    Question question =
        opened
            .ask(chat ? Prompt.chat(List.of(Message.user(prompt))) : Prompt.text(prompt))
            .under(mask(opened.info().layerCount()))
            .atMost(tokens)
            .stoppingAt(stops.toArray(String[]::new));
    return new TypedOptions(spec).given("--temperature")
        ? question.sampling(temperature, topP, seed)
        : question;
  }
}
