package dev.tale.bench;

import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.onnx.text.PromptEncoder;
import dev.tale.onnx.text.TextTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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
    Path file = Files.createTempFile("tale-tokenizer-", ".json");
    try (InputStream stream = PromptTokens.class.getResourceAsStream(TOKENIZER)) {
      if (stream == null) {
        throw new IOException("There is no resource " + TOKENIZER + "; build tale-bench again");
      }
      Files.copy(stream, file, StandardCopyOption.REPLACE_EXISTING);
      return new PromptTokens(TextTokenizer.open(file));
    } finally {
      Files.delete(file);
    }
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
