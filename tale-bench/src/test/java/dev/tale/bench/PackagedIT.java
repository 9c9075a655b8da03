package dev.tale.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jars and POMs that the build has made. Runs after packaging. */
class PackagedIT {
  private static final Path ONE_JAR = Path.of("target/tale-bench.jar");
  private static final Pattern VERSION = Pattern.compile("(.+?)-\\d.*\\.jar");

  /** Sources and documentation too, where the release profile made them. */
  @Test
  void everyJarOpensWithTheLicenceAndTheNotice() throws IOException {
    List<Path> jars = jars();
    assertThat(jars).hasSizeGreaterThanOrEqualTo(5);
    for (Path jar : jars) {
      for (String name : List.of("LICENSE", "NOTICE")) {
        assertThat(text(jar, "META-INF/" + name))
            .as(jar + ", " + name)
            .isEqualTo(Files.readString(Document.ROOT.resolve(name)));
      }
    }
  }

  @Test
  void theOneJarHasNoOtherLicenceOutsideItsFolder() throws IOException {
    Set<String> elsewhere =
        entries(ONE_JAR).stream()
            .filter(
                name -> name.matches("(?i)(META-INF/)?[^/]*(LICEN[SC]E|NOTICE|THIRD-PARTY)[^/]*"))
            .collect(Collectors.toSet());
    assertThat(elsewhere).containsExactlyInAnyOrder("META-INF/LICENSE", "META-INF/NOTICE");
  }

  @Test
  void everyPartOfTheOneJarIsListedWithALicence() throws IOException {
    List<String> listed =
        text(ONE_JAR, "META-INF/licenses/THIRD-PARTY.txt")
            .lines()
            .filter(line -> line.matches("\\S+ +(Apache|MIT|BSD|GPL)-?.*"))
            .toList();
    assertThat(listed.stream().map(line -> line.replaceAll(" .*", "")))
        .containsExactlyInAnyOrderElementsOf(parts());
    Set<String> entries = Set.copyOf(entries(ONE_JAR));
    for (String line : listed) {
      Matcher text = Pattern.compile(": ([\\w./-]+)").matcher(line);
      while (text.find()) {
        assertThat("META-INF/licenses/" + text.group(1)).as(line).isIn(entries);
      }
    }
  }

  @Test
  void thePomsStandAlone() throws IOException {
    for (String module : List.of("tale-core", "tale-onnx")) {
      String pom = Files.readString(Document.ROOT.resolve(module + "/target/.flattened-pom.xml"));
      assertThat(pom)
          .contains("<license>", "<version>" + version() + "</version>")
          .doesNotContain("<parent>", "${", "<scope>test</scope>", "<repository>");
    }
  }

  /** Libraries by name, without Tale's own modules. */
  private static Set<String> parts() throws IOException {
    return Arrays.stream(
            Files.readString(Path.of("target/runtime-classpath"))
                .strip()
                .split(File.pathSeparator, -1))
        .map(entry -> VERSION.matcher(Path.of(entry).getFileName().toString()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .filter(name -> !name.startsWith("tale-"))
        .collect(Collectors.toSet());
  }

  private static String version() throws IOException {
    String pom = Files.readString(Document.ROOT.resolve("pom.xml"));
    Matcher version =
        Pattern.compile("<artifactId>tale-parent</artifactId>\\s*<version>(.+?)<").matcher(pom);
    assertThat(version.find()).isTrue();
    return version.group(1);
  }

  private static List<Path> jars() throws IOException {
    Stream.Builder<Path> jars = Stream.builder();
    for (String module : List.of("tale-core", "tale-onnx", "tale-bench")) {
      try (Stream<Path> files = Files.list(Document.ROOT.resolve(module + "/target"))) {
        files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars);
      }
    }
    return jars.build().toList();
  }

  private static List<String> entries(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().map(JarEntry::getName).toList();
    }
  }

  private static String text(Path jar, String name) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      JarEntry entry = file.getJarEntry(name);
      assertThat(entry).as(name + " in " + jar).isNotNull();
      return new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
