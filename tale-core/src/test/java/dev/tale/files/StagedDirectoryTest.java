package dev.tale.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedDirectoryTest {
  @TempDir private Path directory;

  @Test
  void beside_sweepsWhatAKilledWriterLeft() throws Exception {
    Path target = directory.resolve("pruned");
    Process killed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(
                    File.pathSeparator,
                    Path.of("target", "test-classes").toAbsolutePath().toString(),
                    Path.of("target", "classes").toAbsolutePath().toString(),
                    System.getProperty("jdk.module.path", ""),
                    System.getProperty("java.class.path")),
                HaltedWriter.class.getName(),
                target.toString())
            .inheritIO()
            .start();
    assertThat(killed.waitFor()).isEqualTo(9);
    assertThat(names()).hasSize(2).allMatch(name -> name.startsWith(".pruned.tale-"));
    Path other = Files.createDirectory(directory.resolve(".pruned.tale-by-someone-else"));
    try (StagedDirectory staged = StagedDirectory.beside(target)) {
      assertThat(staged.path()).isEmptyDirectory();
      assertThat(names()).hasSize(3).contains(other.getFileName().toString());
      staged.commit();
    }
    assertThat(names()).containsExactly(other.getFileName().toString(), "pruned");
  }

  /** Two at once: the first to be complete is taken, the other one is not disturbed. */
  @Test
  void beside_leavesWhatIsStillBeingWritten() throws IOException {
    Path target = directory.resolve("pruned");
    try (StagedDirectory first = StagedDirectory.beside(target);
        StagedDirectory second = StagedDirectory.beside(target)) {
      assertThat(first.path()).isDirectory();
      assertThat(second.path()).isDirectory();
      first.commit();
    }
    assertThat(names()).containsExactly("pruned");
  }

  @Test
  void close_leavesNothing() throws IOException {
    try (StagedDirectory staged = StagedDirectory.beside(directory.resolve("pruned"))) {
      Files.writeString(staged.path().resolve("file"), "x");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void at_leavesNoMarkWhereItFails() throws IOException {
    Path taken = Files.createDirectory(directory.resolve(".pruned.tale-1"));
    assertThatThrownBy(() -> StagedDirectory.at(taken, directory.resolve("pruned")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(names()).containsExactly(".pruned.tale-1");
  }

  /** What could not be marked is not held: a later writer sweeps it. */
  @Test
  void take_forgetsWhatItCouldNotMark() throws IOException {
    Path parent = directory.resolve("later");
    Path staged = parent.resolve(".pruned.tale-1");
    assertThatThrownBy(() -> StagingLock.take(staged)).isInstanceOf(NoSuchFileException.class);
    Files.createDirectories(staged);
    Files.createFile(parent.resolve(".pruned.tale-1.lock"));
    StagingLock.sweep(parent, ".pruned.tale-");
    assertThat(parent).isEmptyDirectory();
  }

  /** The files are in their place, so nothing failed. */
  @Test
  void commit_succeedsWhereTheMarkStays() throws IOException {
    Path target = directory.resolve("pruned");
    try (StagedDirectory staged = StagedDirectory.at(directory.resolve(".pruned.tale-1"), target)) {
      Path mark = directory.resolve(".pruned.tale-1.lock");
      Files.delete(mark);
      Files.createDirectories(mark.resolve("not empty"));
      assertThat(staged.commit()).isEqualTo(target).isEmptyDirectory();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
