package dev.tale.onnx.families;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import dev.tale.onnx.testing.ResourceFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The fixtures on the class path, as files: made once in a process, deleted when it ends. */
public final class Fixtures {
  private static final String ROOT = "/models/families";

  private Fixtures() {}

  /**
   * Returns all fixtures, in the order of their index.
   *
   * @throws UncheckedIOException if they cannot be read
   */
  public static List<Fixture> all() {
    return Extracted.ALL.fixtures();
  }

  /**
   * Returns the fixture of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Fixture named(String name) {
    return all().stream()
        .filter(fixture -> fixture.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no fixture " + name));
  }

  /**
   * Returns what there is no fixture of, and why.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static List<Absent> absent() {
    return Extracted.ALL.absent();
  }

  private static Index read(Path root) throws IOException {
    ImmutableList.Builder<Fixture> fixtures = ImmutableList.builder();
    JsonNode index = new ObjectMapper().readTree(Files.readString(root.resolve("index.json")));
    for (JsonNode entry : index.at("/fixtures")) {
      fixtures.add(
          new Fixture(
              root.resolve(entry.at("/directory").asText()),
              entry.at("/family").asText(),
              entry.at("/exporter").asText(),
              entry.at("/format").asText(),
              entry.at("/layout").asText("single"),
              entry.at("/layers").asInt()));
    }
    ImmutableList.Builder<Absent> absent = ImmutableList.builder();
    for (JsonNode entry : index.at("/absent")) {
      absent.add(
          new Absent(
              entry.at("/family").asText(),
              entry.at("/exporter").asText(),
              entry.at("/format").asText(),
              entry.at("/reason").asText()));
    }
    return new Index(fixtures.build(), absent.build());
  }

  /**
   * A fixture that cannot be made.
   *
   * @param family architecture
   * @param exporter what does not write it
   * @param format in which it does not
   * @param reason why
   */
  public record Absent(String family, String exporter, String format, String reason) {}

  private record Index(List<Fixture> fixtures, List<Absent> absent) {}

  /** Made when it is first asked for. */
  private static final class Extracted {
    private static final Index ALL = extract();

    private static Index extract() {
      try {
        Path root = ResourceFiles.temporaryDirectory("tale-families-");
        extract(root);
        return read(root);
      } catch (IOException | URISyntaxException e) {
        throw new IllegalStateException("The fixtures cannot be read: " + e.getMessage(), e);
      }
    }

    private static void extract(Path target) throws IOException, URISyntaxException {
      URL resource = Fixtures.class.getResource(ROOT + "/index.json");
      if (resource == null) {
        throw new IllegalStateException("There is no resource " + ROOT + "/index.json");
      }
      URI uri = resource.toURI();
      if (!uri.getScheme().equals("jar")) {
        copy(Path.of(uri).resolveSibling(""), target);
        return;
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        copy(jar.getPath(ROOT), target);
      }
    }

    private static void copy(Path from, Path to) throws IOException {
      try (Stream<Path> files = Files.walk(from)) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          Path copy = to.resolve(from.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
  }
}
