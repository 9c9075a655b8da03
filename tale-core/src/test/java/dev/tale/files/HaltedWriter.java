package dev.tale.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Is killed while it writes. */
final class HaltedWriter {
  private HaltedWriter() {}

  public static void main(String[] arguments) throws IOException {
    StagedDirectory staged = StagedDirectory.beside(Path.of(arguments[0]));
    Files.writeString(staged.path().resolve("file"), "half");
    Runtime.getRuntime().halt(9);
  }
}
