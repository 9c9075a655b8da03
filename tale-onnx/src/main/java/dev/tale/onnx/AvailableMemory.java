package dev.tale.onnx;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory a process may still take. */
final class AvailableMemory {
  private static final Path LINUX = Path.of("/proc/meminfo");
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

  private AvailableMemory() {}

  /**
   * Returns bytes: on Linux those that the kernel would give without swapping, which counts what it
   * caches of files; elsewhere those that nothing uses. A container has no more than its limit.
   */
  static long bytes() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long available = linux(read(LINUX), system.getFreeMemorySize());
    return Math.min(available, system.getTotalMemorySize());
  }

  private static List<String> read(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  static long linux(List<String> lines, long otherwise) {
    for (String line : lines) {
      Matcher matcher = AVAILABLE.matcher(line);
      if (matcher.matches()) {
        return Long.parseLong(matcher.group(1)) * 1024;
      }
    }
    return otherwise;
  }
}
