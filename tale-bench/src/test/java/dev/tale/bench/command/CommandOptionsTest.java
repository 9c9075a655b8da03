package dev.tale.bench.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tale.bench.engine.BigModel;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandOptionsTest {
  @TempDir Path directory;

  @Test
  void outFile_makesItsDirectory() throws Exception {
    Path file = directory.resolve("new/results/models.json");
    assertThat(parse(file).outFile()).isEqualTo(file);
    assertThat(file.getParent()).isEmptyDirectory();
    Files.writeString(file, "earlier rows");
    assertThat(parse(file).outFile()).hasContent("earlier rows");
  }

  @Test
  void outFile_refusesADirectory() throws Exception {
    CommandOptions options = parse(directory);
    assertThatThrownBy(options::outFile)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContainingAll(directory.toString(), "is a directory");
  }

  @Test
  void outFile_refusesAPathBelowAFile() throws Exception {
    Path file = Files.writeString(directory.resolve("notes"), "precious");
    CommandOptions options = parse(file.resolve("models.json"));
    assertThatThrownBy(options::outFile)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContainingAll(file.resolve("models.json").toString(), "directory cannot");
    assertThat(file).hasContent("precious");
  }

  @Test
  void outFile_refusesWhatMustNotBeWritten() throws Exception {
    Path file = Files.writeString(directory.resolve("models.json"), "precious");
    assumeFalse(!file.toFile().setReadOnly() || Files.isWritable(file), "as root all is writable");
    CommandOptions options = parse(file);
    assertThatThrownBy(options::outFile)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("must not be written");
  }

  /** Not after fourteen gigabytes. */
  @Test
  void big_refusesToWriteAgain() throws IOException {
    Files.createDirectory(directory.resolve("pruned"));
    assertThatThrownBy(() -> BigModel.run(directory))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("give --out another directory");
    assertThat(directory.resolve("model")).doesNotExist();
  }

  @Test
  void parse_refusesWhatItDoesNotKnow() {
    assertThatThrownBy(
            () -> CommandOptions.parse(new String[] {"--out", "a", "--other", "b"}, "--export"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--other");
    assertThatThrownBy(() -> CommandOptions.parse(new String[] {"--export", "b"}, "--export"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("Needs --out");
  }

  private static CommandOptions parse(Path out) throws UsageException {
    return CommandOptions.parse(new String[] {"--out", out.toString()});
  }
}
