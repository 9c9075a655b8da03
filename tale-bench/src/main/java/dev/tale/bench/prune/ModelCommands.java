package dev.tale.bench.prune;

import java.io.IOException;
import java.io.PrintWriter;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The commands of this package. Exit statuses: 0 done, 1 failed, with a message that says what to
 * do, 2 a wrong command line.
 */
@Command(
    name = "tale-bench",
    subcommands = {
      PruneCommand.class,
      DescribeCommand.class,
      AskCommand.class,
      GenerateCompletion.class
    })
public final class ModelCommands {
  private ModelCommands() {}

  /** Runs a command, and says what went wrong on {@code err}. */
  public static int execute(PrintWriter out, PrintWriter err, String... arguments) {
    return line().setOut(out).setErr(err).execute(arguments);
  }

  private static CommandLine line() {
    return new CommandLine(new ModelCommands())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              if (failure instanceof CommandLine.TypeConversionException) {
                line.getErr().println(failure.getMessage());
                return CommandLine.ExitCode.USAGE;
              }
              if (failure instanceof IOException
                  || failure instanceof IllegalArgumentException
                  || failure instanceof IllegalStateException
                  || failure.getClass().getName().startsWith("dev.tale.")) {
                line.getErr()
                    .println(failure.getClass().getSimpleName() + ": " + failure.getMessage());
                return CommandLine.ExitCode.SOFTWARE;
              }
              throw failure;
            });
  }
}
