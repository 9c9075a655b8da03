package dev.tale.bench;

import java.nio.file.Path;
import java.util.Arrays;

/** The commands of tale-bench.jar. */
final class Main {
  private static final String USAGE =
      """
      usage: java -jar tale-bench.jar COMMAND
        quickstart --out DIR   prune nano-llama on boolean expressions, write DIR/result.json and DIR/pruned
        ladder                 compare PyTorch, ONNX Runtime, gated and excised logits of nano-llama
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
    } catch (java.io.IOException | IllegalArgumentException | IllegalStateException e) {
      System.err.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      System.exit(1);
    }
  }

  private static void run(String[] args) throws Exception {
    String command = args.length == 0 ? "" : args[0];
    String[] rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
    switch (command) {
      case "quickstart" -> Quickstart.run(out(rest));
      case "ladder" -> LadderTable.print();
      case "jmh" -> org.openjdk.jmh.Main.main(rest);
      default -> throw new UsageException("Unknown command \"" + command + "\"");
    }
  }

  private static Path out(String[] args) throws UsageException {
    if (args.length != 2 || !args[0].equals("--out")) {
      throw new UsageException("quickstart needs --out DIR, but got " + Arrays.toString(args));
    }
    return Path.of(args[1]);
  }

  /** A command line that cannot be understood. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
      super(message);
    }
  }
}
