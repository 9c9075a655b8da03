package dev.tale.bench;

import dev.tale.Tale;
import dev.tale.bench.cases.CasesTable;
import dev.tale.bench.check.LadderTable;
import dev.tale.bench.check.ModelsTable;
import dev.tale.bench.check.ParityTable;
import dev.tale.bench.check.PrunedFixtures;
import dev.tale.bench.check.TasksTable;
import dev.tale.bench.command.CommandOptions;
import dev.tale.bench.command.UsageException;
import dev.tale.bench.engine.BigModel;
import dev.tale.bench.engine.ChainTable;
import dev.tale.bench.engine.ChatRound;
import dev.tale.bench.engine.EngineRows;
import dev.tale.bench.engine.EngineTable;
import dev.tale.bench.engine.GenerationTable;
import dev.tale.bench.engine.GrowthTable;
import dev.tale.bench.engine.HeaderTable;
import dev.tale.bench.engine.PatchedTable;
import dev.tale.bench.engine.RacesTable;
import dev.tale.bench.engine.SharedGenerationTable;
import dev.tale.bench.gain.GainTable;
import dev.tale.bench.prune.ModelCommands;
import dev.tale.bench.quickstart.Quickstart;
import dev.tale.bench.quickstart.QuickstartKills;
import dev.tale.bench.quickstart.QuickstartRerun;
import dev.tale.bench.study.InformationTable;
import dev.tale.bench.study.RealStudy;
import dev.tale.bench.study.Study;
import dev.tale.bench.study.StudyPlan;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The commands of tale-bench.jar. */
public final class Main {
  private static final String USAGE =
      """
      usage: java -jar tale-bench.jar COMMAND
        prune --model PATH --task FILE|NAME --data FILE --out DIR [...]
                               prune a model of yours for a task; prune --help tells all options
        describe --model PATH  its layers, parameters and bytes
        ask --model PATH PROMPT
                               let it answer, whole or without some layers
        generate-completion    a script that completes these three commands in bash and zsh
        quickstart --out DIR [--rows N]
                               prune nano-llama on boolean expressions, N rows to choose by (500) and as
                               many held out; write DIR/result.json, DIR/pruned and DIR/report/index.html
        kills --out DIR [--kills N] [--rows N] [--seed N]
                               kill the quickstart on N rows (100) at N random moments (50), start it again
                               each time, and compare every one that ends with an undisturbed one; what may
                               differ is printed; exit status 1 if anything else does
        rerun --from FILE|DIR --out DIR
                               run the quickstart's search again and print what differs from an earlier
                               report.json or result.json, or from what the model written to a DIR says
                               of itself; write the later report to DIR; exit status 1 if figures differ
        ladder                 compare PyTorch, ONNX Runtime, gated and excised logits of nano-llama
        models --out FILE [--export DIR]
                               do so for a tiny model of every family, exporter and format; write
                               the rows to FILE, and the models without some layers below DIR
        tasks --data DIR --out FILE
                               read every data file below DIR as the built-in task that it belongs to;
                               write a row for each to FILE
        parity --data DIR --out FILE
                               compare the built-in tasks, row by row, with what lm-evaluation-harness
                               asked, answered and scored on the data below DIR; write a row for each
                               run to FILE
        cases --dir DIR --out FILE
                               open, ask and export the model of every directory in DIR, compare with
                               its expected.json and expected.npz, and try every tokenizer.json in
                               DIR/tokenizers in a process of its own; write the rows to FILE; exit
                               status 1 unless each is right, or refused before anything ran
        generate [DIR]         tokens per second of nano-llama, with key-value caches and without; seconds
                               and runs of prompts that begin alike, with sharing and without; of the model
                               in DIR, these alone
        engine --model nano|DIR --out FILE [--rows N] [--search-rows N] [--search-rounds N]
               [--depth N] [--header-tokens N] [--row-tokens N] [--seeds N] [--repeats N]
                               one round and a whole search, by the engine and sharing nothing: counts,
                               seconds and memory to FILE, the rows to FILE.rows.jsonl
        chat-round --model DIR --data FILE --out FILE [--rows N] [--most N]
                               one greedy round and searches of at most N layers (2) on N rows (16) of
                               ARC-Easy in conversations, for released_chat.py to do the same
        races --out FILE [--rows N] [--seeds N]
                               one search of every task of nano-llama, and its rounds raced under N orders
                               of the rows: share of the evaluations and accuracy lost by rule, to FILE
        patched --out FILE [--model DIR --data FILE] [--rows N] [--most N]
                               linear maps in the place of 1 to N (6) neighbouring layers of nano-llama,
                               chosen on N rows (300): loss and accuracy on as many held-out rows with the
                               maps and without, to FILE; of the model in DIR, on rows of ARC-Easy
        header --model DIR --out FILE [--rows N] [--header-tokens N] [--row-tokens N]
                               score prompts that begin alike, with sharing and without
        growth --models DIR --out FILE
                               work of one round for every model in DIR, against the number of layers
        growth --out FILE [--most N]
                               seconds to open, gate, search one step and excise chains of 12, 50, 200 and
                               500 layers of nano-llama, of at most N; what ONNX Runtime takes of it
        study --out DIR [--quick] [--only-collect] [--seeds N] [--exhaustive-seeds N]
                               every strategy on every task of nano-llama, under N draws of its rows (5), every
                               mask of up to 3 removed layers under the first N of them (1): DIR/study.json,
                               DIR/study.md and DIR/report/index.html. About 2 hours on 2 cores, the first
                               seed half an hour of it; goes on where it was ended, and what is below
                               DIR/runs is not run again. --only-collect writes the tables of what is there.
                               --quick: two tasks, fewer rows, 3 minutes
        study --model PATH --data DIR --out DIR [--tasks A,B] [--rows N] [--held-out N] [--most N]
                               searches on published tasks in the files of DIR, for a model of yours: N rows
                               (300) choose up to N layers (4), N others (700) tell what that does, what it is
                               made of, and what it is under another prompt: DIR/real.json, DIR/real.md. Goes
                               on where it was ended
        gain --out FILE [--draws N] [--model PATH]
                               what gains are made of: scripted models whose truth is known, over N draws
                               (1000), nano-llama, and short reviews for a model of yours; under 3 minutes
                               without one
        information --out FILE [--seeds N]
                               bias and spread of estimators of mutual information on N draws (20) of
                               synthetic rows with known information
        big --out DIR          open, gate and excise a model of the shape of LLaMA 3.1 8B, with a sparse file
                               for its weights, and print time and heap; DIR takes 14 GB; try -Xmx512m
        jmh [ARGUMENTS]        run the JMH benchmarks; jmh -h lists the arguments
      """;

  private Main() {}

  /** Runs a command; exit status 2 means that the command line was wrong, 1 that it failed. */
  public static void main(String[] args) throws Exception {
    try {
      run(args);
    } catch (UsageException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      System.err.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      System.exit(1);
    }
  }

  static void run(String... args) throws Exception {
    String command = args.length == 0 ? "" : args[0];
    String[] rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
    switch (command) {
      case "help", "--help", "-h" -> help(rest);
      case "version", "--version", "-V" -> System.out.println("Tale " + Tale.version());
      case "prune", "describe", "ask", "generate-completion" -> ofAModel(args);
      case "quickstart" -> quickstart(CommandOptions.parse(rest, "--rows"));
      case "kills" -> kills(CommandOptions.parse(rest, "--kills", "--rows", "--seed"));
      case "rerun" -> rerun(CommandOptions.parse(rest, "--from"));
      case "ladder" -> LadderTable.print();
      case "models" -> models(CommandOptions.parse(rest, "--export"));
      case "tasks" -> tasks(CommandOptions.parse(rest, "--data"));
      case "parity" -> parity(CommandOptions.parse(rest, "--data"));
      case "cases" -> cases(CommandOptions.parse(rest, "--dir"));
      case "generate" -> generate(rest);
      case "engine" -> engine(rest);
      case "chat-round" ->
          chatRound(CommandOptions.parse(rest, "--model", "--data", "--rows", "--most"));
      case "races" -> races(CommandOptions.parse(rest, "--rows", "--seeds"));
      case "patched" ->
          patched(CommandOptions.parse(rest, "--model", "--data", "--rows", "--most"));
      case "header" -> header(rest);
      case "growth" -> growth(CommandOptions.parse(rest, "--models", "--most"));
      case "study" -> study(rest);
      case "gain" -> gain(CommandOptions.parse(rest, "--draws", "--model"));
      case "information" -> information(CommandOptions.parse(rest, "--seeds"));
      case "big" -> BigModel.run(CommandOptions.parse(rest).out());
      case "jmh" -> org.openjdk.jmh.Main.main(rest);
      default -> throw new UsageException("Unknown command \"" + command + "\"");
    }
  }

  /** All commands, or the options of one that has them. */
  private static void help(String... of) {
    if (of.length > 0 && List.of("prune", "describe", "ask").contains(of[0])) {
      ofAModel(of[0], "--help");
    } else {
      System.out.print(USAGE);
    }
  }

  @SuppressWarnings("DefaultCharset") // A console has the charset of its platform.
  private static void ofAModel(String... args) {
    int status =
        ModelCommands.execute(
            new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
    if (status != 0) {
      System.exit(status);
    }
  }

  private static void quickstart(CommandOptions options) throws IOException, UsageException {
    Quickstart.run(options.out(), options.number("--rows", 2, Quickstart.ROWS));
  }

  private static void kills(CommandOptions options) throws Exception {
    int rows = options.number("--rows", 2, 100);
    QuickstartKills kills =
        new QuickstartKills(Main.class, options.out(), rows, options.number("--seed", 0, 1));
    if (!kills.run(options.number("--kills", 1, 50))) {
      System.exit(1);
    }
  }

  private static void rerun(CommandOptions options) throws IOException, UsageException {
    Path from =
        options.find("--from").orElseThrow(() -> new UsageException("Needs --from FILE|DIR"));
    if (!QuickstartRerun.run(from, options.out())) {
      System.exit(1);
    }
  }

  private static void models(CommandOptions options) throws IOException {
    Path rows = options.outFile();
    Optional<Path> export = options.find("--export");
    boolean exported = export.isEmpty() || PrunedFixtures.write(export.get());
    if (!ModelsTable.run(rows) || !exported) {
      System.exit(1);
    }
  }

  private static void tasks(CommandOptions options) throws IOException, UsageException {
    if (!TasksTable.run(data(options), options.outFile())) {
      System.exit(1);
    }
  }

  private static void parity(CommandOptions options) throws IOException, UsageException {
    if (!ParityTable.run(data(options), options.outFile())) {
      System.exit(1);
    }
  }

  private static void cases(CommandOptions options) throws IOException, UsageException {
    Path directory = options.find("--dir").orElseThrow(() -> new UsageException("Needs --dir DIR"));
    if (!CasesTable.run(directory, options.outFile())) {
      System.exit(1);
    }
  }

  private static void generate(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      GenerationTable.print();
    }
    SharedGenerationTable.print(
        arguments.length == 0 ? NanoLlama.directory() : Path.of(arguments[0]));
  }

  private static void engine(String[] arguments) throws Exception {
    CommandOptions options =
        CommandOptions.parse(
            arguments,
            "--model",
            "--rows",
            "--search-rows",
            "--search-rounds",
            "--header-tokens",
            "--row-tokens",
            "--depth",
            "--seeds",
            "--repeats");
    Path model = model(options);
    boolean nano = isNano(options);
    EngineRows rows = rows(options, model, nano ? 1000 : 16, nano ? 0 : 50, nano ? 0 : 60);
    int all = rows.rows().size();
    int searched = Math.min(all, options.number("--search-rows", 1, all));
    EngineTable.run(
        model,
        rows,
        searched,
        options.number("--search-rounds", 1, Integer.MAX_VALUE),
        options.number("--seeds", 0, nano ? 100 : 0),
        options.number("--repeats", 1, nano ? 3 : 1),
        options.outFile());
  }

  private static void chatRound(CommandOptions options) throws Exception {
    ChatRound.run(
        options.find("--model").orElseThrow(() -> new UsageException("Needs --model DIR")),
        options.find("--data").orElseThrow(() -> new UsageException("Needs --data FILE")),
        options.number("--rows", 2, 16),
        options.number("--most", 1, 2),
        options.outFile());
  }

  private static void races(CommandOptions options) throws IOException, UsageException {
    RacesTable.run(
        options.number("--rows", 1, 1000), options.number("--seeds", 1, 100), options.outFile());
  }

  private static void patched(CommandOptions options) throws IOException, UsageException {
    Optional<Path> model = options.find("--model");
    int rows = options.number("--rows", 2, 300);
    int most = options.number("--most", 1, 6);
    if (model.isPresent()) {
      PatchedTable.ofArcEasy(model.get(), data(options), rows, most, options.outFile());
    } else {
      PatchedTable.ofNano(rows, most, options.outFile());
    }
  }

  private static void header(String[] arguments) throws Exception {
    CommandOptions options =
        CommandOptions.parse(
            arguments, "--model", "--rows", "--depth", "--header-tokens", "--row-tokens");
    Path model = model(options);
    HeaderTable.run(model, rows(options, model, 64, 500, 0), options.outFile());
  }

  private static void growth(CommandOptions options) throws Exception {
    Optional<Path> models = options.find("--models");
    if (models.isPresent()) {
      GrowthTable.run(models.get(), options.outFile());
    } else {
      ChainTable.run(options.number("--most", 12, 500), options.outFile());
    }
  }

  private static void gain(CommandOptions options) throws IOException, UsageException {
    GainTable.run(options.number("--draws", 2, 1000), options.find("--model"), options.outFile());
  }

  private static void information(CommandOptions options) throws Exception {
    InformationTable.run(options.number("--seeds", 2, 20), options.outFile());
  }

  private static void study(String[] arguments) throws Exception {
    if (List.of(arguments).contains("--model")) {
      realStudy(
          CommandOptions.parse(
              arguments, "--model", "--data", "--tasks", "--rows", "--held-out", "--most"));
      return;
    }
    List<String> values = new ArrayList<>(List.of(arguments));
    boolean quick = values.remove("--quick");
    boolean onlyCollect = values.remove("--only-collect");
    CommandOptions options =
        CommandOptions.parse(values.toArray(String[]::new), "--seeds", "--exhaustive-seeds");
    int seeds = options.number("--seeds", 1, quick ? 1 : 5);
    int exhaustive = options.number("--exhaustive-seeds", 0, 1);
    StudyPlan plan = quick ? StudyPlan.quick(seeds, exhaustive) : StudyPlan.full(seeds, exhaustive);
    Study study = new Study(plan, options.out());
    if (onlyCollect) {
      study.collect();
    } else {
      study.run();
    }
  }

  private static void realStudy(CommandOptions options) throws IOException, UsageException {
    Path data = options.find("--data").orElseThrow(() -> new UsageException("Needs --data DIR"));
    List<String> tasks =
        options
            .find("--tasks")
            .map(names -> List.of(names.toString().split(",")))
            .orElse(List.of());
    new RealStudy(
            options.find("--model").orElseThrow(),
            data,
            options.out(),
            options.number("--rows", 20, 300),
            options.number("--held-out", 20, 700),
            options.number("--most", 1, 4))
        .run(tasks);
  }

  private static EngineRows rows(CommandOptions options, Path model, int rows, int header, int row)
      throws IOException, UsageException {
    return EngineRows.of(
        model,
        options.number("--rows", 1, rows),
        options.number("--depth", 0, isNano(options) ? 3 : 5),
        options.number("--header-tokens", 0, header),
        options.number("--row-tokens", 0, row));
  }

  private static boolean isNano(CommandOptions options) {
    return options.find("--model").filter(Path.of("nano")::equals).isPresent();
  }

  private static Path model(CommandOptions options) throws UsageException {
    return isNano(options)
        ? NanoLlama.directory()
        : options.find("--model").orElseThrow(() -> new UsageException("Needs --model nano|DIR"));
  }

  private static Path data(CommandOptions options) throws UsageException {
    return options.find("--data").orElseThrow(() -> new UsageException("Needs --data DIR"));
  }
}
