package dev.tale.onnx;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The Javas of this machine: the one that runs the tests, its neighbours in the same folder, and
 * those that a variable {@code JAVA_HOME} or {@code JAVA_HOME_...} of the environment names.
 */
final class JavaHomes {
  private JavaHomes() {}

  static Path ofThisProcess() {
    return Path.of(System.getProperty("java.home"));
  }

  /** The newest Java, if it is newer than the one that runs the tests. */
  static Optional<Path> newest() throws IOException {
    return candidates()
        .filter(home -> feature(home) > Runtime.version().feature())
        .max(Comparator.comparingInt(JavaHomes::feature));
  }

  private static Stream<Path> candidates() throws IOException {
    try (Stream<Path> neighbours = Files.list(ofThisProcess().resolveSibling(""))) {
      return Stream.concat(
          neighbours.toList().stream(),
          System.getenv().entrySet().stream()
              .filter(variable -> variable.getKey().startsWith("JAVA_HOME"))
              .map(variable -> Path.of(variable.getValue())));
    }
  }

  /** The feature release by the file {@code release}; 0 where there is no Java. */
  private static int feature(Path home) {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
      return 0;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(release)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String version = properties.getProperty("JAVA_VERSION", "\"0\"").replace("\"", "");
    return Runtime.Version.parse(version).feature();
  }
}
