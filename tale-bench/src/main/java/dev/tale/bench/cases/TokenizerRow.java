package dev.tale.bench.cases;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What became of one {@code tokenizer.json} in the directory of nano-llama.
 *
 * @param file name of the file
 * @param used whether it was used
 * @param refusal why it was refused; empty if it was not
 * @param problem what else happened, the end of the process for example; empty if nothing did
 */
record TokenizerRow(String file, boolean used, String refusal, String problem) {
  private static final long SECONDS = 60;
  private static final int SHOWN = 300;

  /** Tries a tokenizer in a process of its own. */
  static TokenizerRow of(Path file) throws IOException {
    Path scratch = Files.createTempDirectory("tale-tokenizer-");
    try {
      Path model = NanoLlama.copyTo(Files.createDirectory(scratch.resolve("nano-llama")));
      Files.copy(file, model.resolve("tokenizer.json"), StandardCopyOption.REPLACE_EXISTING);
      return of(file.getFileName().toString(), model, scratch.resolve("output"));
    } finally {
      MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static TokenizerRow of(String name, Path model, Path output) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + output.resolveSibling("hs_err.log"),
                "-cp",
                System.getProperty("java.class.path"),
                TokenizerTrial.class.getName(),
                model.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        return new TokenizerRow(name, false, "", "did not end in " + SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + name + " was tried", e);
    } finally {
      process.destroyForcibly();
    }
    return of(name, process.exitValue(), new String(Files.readAllBytes(output), UTF_8).trim());
  }

  private static TokenizerRow of(String name, int status, String output) {
    String last = output.substring(output.lastIndexOf('\n') + 1);
    if (status == 0 && last.equals(TokenizerTrial.USED)) {
      return new TokenizerRow(name, true, "", "");
    }
    if (status == 0 && last.startsWith(TokenizerTrial.REFUSED)) {
      return new TokenizerRow(name, false, last.substring(TokenizerTrial.REFUSED.length()), "");
    }
    String beginning = output.substring(0, Math.min(SHOWN, output.length()));
    return new TokenizerRow(name, false, "", "exit status " + status + ": " + beginning);
  }

  /** Returns whether the process came to its end with an answer. */
  boolean ok() {
    return problem.isEmpty();
  }

  ObjectNode json() {
    ObjectNode json = new ObjectMapper().createObjectNode().put("file", file).put("used", used);
    if (!refusal.isEmpty()) {
      json.put("refusal", refusal);
    }
    if (!problem.isEmpty()) {
      json.put("problem", problem);
    }
    return json.put("ok", ok());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-24s %-7s %-6s %s",
        file,
        used ? "used" : "refused",
        ok() ? "ok" : "NOT OK",
        (refusal + problem).replace('\n', ' '));
  }
}
