package dev.tale.bench.check;

import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.onnx.testing.ResourceFiles;
import dev.tale.onnx.text.PromptEncoder;
import dev.tale.onnx.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;

/** Tokenizes requests as a model would be asked them, with the tokenizer of the tiny test model. */
final class PromptTokens implements AutoCloseable {
  private static final String TOKENIZER = "/models/tiny-tasks/tokenizer.json";

  private final TextTokenizer tokenizer;
  private final PromptEncoder encoder;

  private PromptTokens(TextTokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.encoder = new PromptEncoder(tokenizer);
  }

  static PromptTokens open() throws IOException {
    Path file = ResourceFiles.temporaryDirectory("tale-tokenizer-").resolve("tokenizer.json");
    ResourceFiles.copy(TOKENIZER, file);
    return new PromptTokens(TextTokenizer.open(file));
  }

  /** Returns the number of tokens of a request: of its prompt, and of what is scored after it. */
  int count(Request request) {
    return request instanceof Request.LogLikelihood likelihood
        ? encoder.encode(text(likelihood.prompt()), likelihood.continuation()).tokens().length()
        : encoder.encode(text(((Request.Generation) request).prompt())).length();
  }

  private static String text(Prompt prompt) {
    return ((Prompt.Text) prompt).text();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
