package dev.tale.bench.prune;

import dev.tale.model.LayerMask;
import dev.tale.model.Message;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.OnnxModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a model answer, whole or without some layers. */
@Command(
    name = "ask",
    mixinStandardHelpOptions = true,
    description = "Lets a decoder go on with a prompt, greedily.")
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

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (OnnxModel opened = model.builder().open()) {
      Prompt asked = chat ? Prompt.chat(List.of(Message.user(prompt))) : Prompt.text(prompt);
      Request request = new Request.Generation(asked, stops, tokens);
      opened.check(List.of(request));
      LayerMask mask = LayerMask.of(opened.info().layerCount(), without);
      Response answer = opened.respond(List.of(request), List.of(mask)).get(0).get(0);
      PrintWriter writer = spec.commandLine().getOut();
      writer.println(answer instanceof Response.Generation text ? text.text() : answer);
      writer.flush();
    }
    return 0;
  }
}
