package dev.tale.files;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

class NamedFailureTest {

  /** Every write to this device finds the disk full. */
  @Test
  void of_namesTheFileOnAFullDisk() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "/dev/full is not here");
    assertThatThrownBy(() -> NamedFailure.of(full, () -> write(full)))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContainingAll("/dev/full: cannot be written", "space")
        .hasCauseInstanceOf(IOException.class);
  }

  private static void write(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1));
    }
  }

  @Test
  void of_leavesFailuresThatSayMore() {
    NoSuchFileException missing = new NoSuchFileException("a");
    assertThatThrownBy(
            () ->
                NamedFailure.of(
                    Path.of("b"),
                    () -> {
                      throw missing;
                    }))
        .isSameAs(missing);
  }
}
