package dev.tale.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.PruneResult;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
  @TempDir Path directory;

  @Test
  void writesAllFiles() throws IOException {
    PruneResult result = Reports.result(12, 200);
    Path page = result.report(directory.resolve("full"), Reports.measurements(12));
    assertThat(page).exists();
    Reports.result(32, 100).report(directory.resolve("bare"));
  }
}
