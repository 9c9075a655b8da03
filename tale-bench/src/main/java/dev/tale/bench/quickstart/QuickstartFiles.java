package dev.tale.bench.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files that a quickstart wrote, each by its name and the SHA-256 of its bytes, without what
 * may differ between two runs of one search: the fields {@value #SECONDS}, {@value #RUN} and
 * {@value #LATENCY} of JSON, the section on latency of the report's page and its Markdown. The
 * journal is compared whole: units are recorded in their order, however often the search began
 * again.
 */
final class QuickstartFiles {
  private static final String SECONDS = "seconds";
  private static final String RUN = "run";
  private static final String LATENCY = "latency";
  private static final ObjectMapper JSON = new ObjectMapper();

  private QuickstartFiles() {}

  static String mayDiffer() {
    return "fields "
        + String.join(", ", SECONDS, RUN, LATENCY)
        + " of JSON, and the section on latency of index.html and report.md";
  }

  static SortedMap<String, String> hashes(Path directory) throws IOException {
    SortedMap<String, String> hashes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = directory.relativize(file).toString();
        hashes.put(name, Hashing.sha256().hashBytes(compared(file)).toString());
      }
    }
    return hashes;
  }

  private static byte[] compared(Path file) throws IOException {
    return switch (file.getFileName().toString()) {
      case "result.json", "report.json" -> withoutMeasurements(file);
      case "index.html" -> without(file, "(?s)<section id=\"latency\".*?</section>");
      case "report.md" -> without(file, "(?s)\n## Accuracy and latency\n.*?(?=\n## )");
      default -> Files.readAllBytes(file);
    };
  }

  private static byte[] withoutMeasurements(Path file) throws IOException {
    ObjectNode root = (ObjectNode) JSON.readTree(file.toFile());
    return JSON.writeValueAsBytes(root.remove(List.of(SECONDS, RUN, LATENCY)));
  }

  private static byte[] without(Path file, String section) throws IOException {
    String text = Files.readString(file);
    String rest = text.replaceFirst(section, "");
    if (rest.length() == text.length()) {
      throw new IllegalStateException(file + " has no section on latency; has it another name?");
    }
    return rest.getBytes(StandardCharsets.UTF_8);
  }
}
