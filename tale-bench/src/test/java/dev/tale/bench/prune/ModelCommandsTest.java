package dev.tale.bench.prune;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Maps;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.report.WrittenResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user types them. */
class ModelCommandsTest {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG = 2;

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        directory.resolve("task.yaml"),
        """
        name: expressions
        type: multiple_choice
        data: rows.jsonl
        prompt: "{{input}}"
        choices: ["False", "True"]
        target: {label: target, among: ["False", "True"]}
        """);
    List<String> rows =
        BooleanExpressions.rows(2, 60, 5).stream()
            .map(
                row ->
                    "{\"input\": \"%s\", \"target\": \"%s\"}".formatted(row.input(), row.target()))
            .toList();
    Files.write(directory.resolve("rows.jsonl"), rows);
  }

  private int run(String... arguments) {
    return ModelCommands.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  private int prune(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "prune",
                "--model",
                NanoLlama.directory().toString(),
                "--task",
                directory.resolve("task.yaml").toString(),
                "--out",
                directory.resolve("out").toString()));
    if (!List.of(more).contains("--rows")) {
      arguments.addAll(List.of("--rows", "40"));
    }
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  @Test
  @Tag("slow")
  void prunesAndWritesWhatAJavaProgramWould() throws IOException {
    assertThat(prune("--most", "1", "--trade-off", "last", "--racing", "0.05,0.02"))
        .as(err.toString())
        .isEqualTo(DONE);
    assertThat(out.toString())
        .contains("40 rows choose, 20 are held out", "BEST", "verified on", "index.html");
    Path written = directory.resolve("out");
    assertThat(written.resolve("pruned/model.onnx")).exists();
    assertThat(written.resolve("report/index.html")).exists();
    assertThat(written.resolve("run.tale")).exists();
    assertThat(WrittenResult.read(written.resolve("result.json")).facts())
        .containsKey("provenance.taleVersion");

    out.getBuffer().setLength(0);
    assertThat(run("describe", "--model", written.resolve("pruned").toString())).isEqualTo(DONE);
    assertThat(out.toString()).contains("   11", "removable").doesNotContain("   12");

    assertThat(prune("--most", "1")).isEqualTo(FAILED);
    assertThat(err.toString()).contains("holds", "give a new or empty directory");
  }

  /** Killed after the model was written, before the figures were. */
  @Test
  @Tag("slow")
  void anInterruptedRunGoesOn() throws IOException {
    assertThat(prune("--most", "1")).as(err.toString()).isEqualTo(DONE);
    Path result = directory.resolve("out/result.json");
    Map<String, String> figures = figures(result);
    Files.delete(result);
    Files.writeString(directory.resolve("out/result.json.partial"), "{");
    assertThat(prune("--most", "1")).as(err.toString()).isEqualTo(DONE);
    assertThat(figures(result)).isEqualTo(figures).isNotEmpty();
    Files.delete(result);
    Files.writeString(directory.resolve("out/mine.txt"), "kept");
    assertThat(prune("--most", "1")).isEqualTo(FAILED);
    assertThat(err.toString()).contains("holds mine.txt");
    assertThat(directory.resolve("out/pruned")).exists();
  }

  /** All but times. */
  private static Map<String, String> figures(Path result) throws IOException {
    return Maps.filterKeys(
        WrittenResult.read(result).facts(), key -> key.matches("(best|steps|rounds|baseline).*"));
  }

  /** The form that was opened is the form that is written. */
  @Test
  @Tag("slow")
  void prunesGgufFiles() throws IOException {
    Path gguf = Path.of("../tale-onnx/src/test/resources/models/gguf/llama-smollm.gguf");
    Path written = directory.resolve("gguf");
    assertThat(
            run(
                "prune",
                "--model",
                gguf.toString(),
                "--task",
                directory.resolve("task.yaml").toString(),
                "--out",
                written.toString(),
                "--rows",
                "20",
                "--most",
                "1",
                "--floor",
                "1",
                "--trade-off",
                "last"))
        .as(err.toString())
        .isEqualTo(DONE);
    assertThat(written.resolve("pruned/llama-smollm.gguf")).exists();
    assertThat(written.resolve("weights")).doesNotExist();
    out.getBuffer().setLength(0);
    assertThat(run("describe", "--model", written.resolve("pruned").toString())).isEqualTo(DONE);
    assertThat(out.toString()).contains("llama-smollm", "    2  in all");
  }

  @Test
  void aDryRunWritesNothing() {
    assertThat(prune("--dry-run")).as(err.toString()).isEqualTo(DONE);
    assertThat(out.toString())
        .contains("12 layers", "at most 78 masks", "layer-forwards, about", "Nothing was kept");
    assertThat(directory.resolve("out")).doesNotExist();
    out.getBuffer().setLength(0);
    assertThat(prune("--dry-run", "--strategy", "SPANS", "--most", "2")).isEqualTo(DONE);
    assertThat(out.toString()).contains("spans", "at most 24 masks");
    assertThat(err.toString()).contains("Only 20 rows are held out");
    out.getBuffer().setLength(0);
    assertThat(prune("--dry-run", "--most", "1", "--calibrated", "--keeping-answers", "0.95"))
        .isEqualTo(DONE);
    assertThat(out.toString()).contains("at most 13 masks");
  }

  /** Held-out rows that chose, and none, are told before anything long. */
  @Test
  void rowsThatHoldNothingOutAreTold() {
    String rows = directory.resolve("rows.jsonl").toString();
    assertThat(prune("--dry-run", "--most", "1", "--rows", "60", "--data", rows)).isEqualTo(DONE);
    assertThat(err.toString()).contains("No rows are held out", "60 rows that choose", "--rows N");
    assertThat(prune("--dry-run", "--data", rows, "--held-out", rows)).isEqualTo(FAILED);
    assertThat(err.toString()).contains("asks the same as selection");
    err.getBuffer().setLength(0);
    assertThat(
            run(
                "prune",
                "--model",
                "missing.gguf",
                "--task",
                directory.resolve("task.yaml").toString(),
                "--held-out",
                rows,
                "--out",
                directory.resolve("out").toString()))
        .isEqualTo(FAILED);
    assertThat(err.toString())
        .contains("asks the same as selection")
        .doesNotContain("missing.gguf");
  }

  @Test
  void asks() {
    String model = NanoLlama.directory().toString();
    assertThat(run("ask", "--model", model, "--tokens", "8", "2 * 9 mod 2 is")).isEqualTo(DONE);
    assertThat(out.toString()).startsWith(" 0");
    out.getBuffer().setLength(0);
    assertThat(run("ask", "--model", model, "--likelihood", " 0", "2 * 9 mod 2 is"))
        .isEqualTo(DONE);
    assertThat(out.toString()).startsWith("-0.").contains(", 1 tokens");
    out.getBuffer().setLength(0);
    String[] drawn = {"ask", "--model", model, "--temperature", "2", "--seed", "3", "not True is"};
    assertThat(run(drawn)).isEqualTo(DONE);
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run(drawn)).isEqualTo(DONE);
    assertThat(out.toString()).isEqualTo(first);
    for (String layer : List.of("12", "99", "-1")) {
      assertThat(run("ask", "--model", model, "--without", layer, "not True is")).isEqualTo(WRONG);
      assertThat(err.toString()).contains("--without has " + layer + "; layers of this model");
    }
    assertThat(run("ask", "--model", model, "--without", "1,1", "not True is")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--without names a layer twice");
    assertThat(run("ask", "--model", model, "--tokens", "0", "not True is")).isEqualTo(WRONG);
    assertThat(run("ask", "--model", model, "--top-p", "0.5", "not True is")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--top-p goes with --temperature");
    assertThat(run("ask", "--model", model, "--likelihood", "x", "--stop", "y", "p"))
        .isEqualTo(WRONG);
    assertThat(err.toString()).contains("--stop goes with an answer, not with --likelihood");
  }

  @Test
  void wrongCommandLinesAreTold() {
    assertThat(run("prune")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--model", "--task", "--out", "Usage");
    assertThat(prune("--device", "tpu")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--device is tpu");
    assertThat(prune("--racing", "1")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--racing has 1 numbers");
    assertThat(prune("--device", "cpu:0")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--device is cpu:0", "at least 1");
    assertThat(prune("--racing", "0.05,0.02", "--strategy", "SPANS")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--racing goes with --strategy GREEDY, not SPANS");
    assertThat(prune("--seed", "3")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--seed goes with --strategy EVOLUTIONARY or ISING");
    assertThat(prune("--most", "0")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--most is 0; at least 1");
    assertThat(prune("--rows", "-3")).isEqualTo(WRONG);
    assertThat(prune("--floor", "-1")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--floor is -1.0; a number of 0 to 1");
    assertThat(prune("--chat")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--chat goes with a benchmark");
    assertThat(prune("--weights", directory.resolve("w").toString())).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--weights goes with a GGUF file");
    assertThat(prune("--guard", "x:much")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("with much as DROP");
    assertThat(prune("--guard", "x")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("--guard is x");
    assertThat(prune("--strategy", "magic")).isEqualTo(WRONG);
    assertThat(err.toString()).contains("BACKWARD_FORWARD");
  }

  @Test
  void whatFailsSaysWhy() {
    assertThat(run("describe", "--model", directory.toString())).isEqualTo(FAILED);
    assertThat(err.toString()).contains("ModelFormatException", "model.safetensors");
    assertThat(run("prune", "--model", "m", "--task", "arc_hard", "--data", "d", "--out", "o"))
        .isEqualTo(FAILED);
    assertThat(err.toString()).contains("no benchmark \"arc_hard\"", "arc_easy");
  }

  @Test
  void helpAndCompletionAreThere() {
    assertThat(run("prune", "--help")).isEqualTo(DONE);
    assertThat(run("generate-completion")).isEqualTo(DONE);
    assertThat(out.toString()).contains("--racing", "complete -F");
  }
}
