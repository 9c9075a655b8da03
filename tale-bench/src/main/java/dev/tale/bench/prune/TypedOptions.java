package dev.tale.bench.prune;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Options as they were typed.
 *
 * @param spec of the command
 */
record TypedOptions(CommandSpec spec) {

  boolean given(String name) {
    return spec.commandLine().getParseResult().hasMatchedOption(name);
  }

  /**
   * Refuses options that would have no effect.
   *
   * @throws TypeConversionException with the first that was given
   */
  void refuse(String reason, String... names) {
    for (String name : names) {
      if (given(name)) {
        throw new TypeConversionException(name + " " + reason);
      }
    }
  }

  /**
   * Checks a share.
   *
   * @throws TypeConversionException if it is outside [0, 1]
   */
  static void share(String name, double number) {
    if (!(number >= 0 && number <= 1)) {
      throw new TypeConversionException(name + " is " + number + "; a number of 0 to 1");
    }
  }

  /**
   * Checks a number.
   *
   * @throws TypeConversionException if it is less than 1
   */
  static int atLeastOne(String name, int number) {
    if (number < 1) {
      throw new TypeConversionException(name + " is " + number + "; at least 1");
    }
    return number;
  }
}
