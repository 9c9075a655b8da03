package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The application in the test resources, compiled and run as its user would, in a process. */
final class UserApplication {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path SOURCE = Path.of("src/test/resources/application").toAbsolutePath();

  private final Path directory;
  private final Path classes;

  private UserApplication(Path directory) {
    this.directory = directory;
    this.classes = directory.resolve("classes");
  }

  /** Compiles the application for Java 17 against the libraries as modules. */
  static UserApplication compile(Path directory) throws IOException {
    assumeTrue(
        Files.exists(TARGET.resolve("runtime-classpath")),
        "target/runtime-classpath is missing: Maven writes it before the tests");
    UserApplication application = new UserApplication(directory);
    javac(
        "--release",
        "17",
        "--module-path",
        path(libraries()),
        "-d",
        application.classes.toString(),
        SOURCE.resolve("module-info.java").toString(),
        SOURCE.resolve("example/Main.java").toString());
    application.writeTask();
    return application;
  }

  private static void javac(String... arguments) {
    StringWriter output = new StringWriter();
    PrintWriter writer = new PrintWriter(output);
    int status = ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, arguments);
    assertThat(status).as(output.toString()).isZero();
  }

  private void writeTask() throws IOException {
    Files.writeString(
        directory.resolve("expressions.yaml"),
        """
        name: expressions
        type: multiple_choice
        data: expressions.jsonl
        prompt: "{{input}}"
        choices: ["False", "True"]
        target: {label: target, among: ["False", "True"]}
        """);
    Files.write(
        directory.resolve("expressions.jsonl"),
        BooleanExpressions.rows(2, 4, 5).stream()
            .map(
                row ->
                    "{\"input\": \"%s\", \"target\": \"%s\"}".formatted(row.input(), row.target()))
            .toList());
  }

  /** Tale and all that a user of tale-onnx gets with it. */
  static List<Path> libraries() throws IOException {
    List<Path> libraries = new ArrayList<>(List.of(TARGET.resolve("classes")));
    for (String entry :
        Splitter.on(File.pathSeparator)
            .split(Files.readString(TARGET.resolve("runtime-classpath")).strip())) {
      libraries.add(Path.of(entry));
    }
    return libraries;
  }

  /** The libraries with another Jackson. */
  static List<Path> librariesWith(String jackson) throws IOException {
    return Stream.concat(
            jars(jackson).stream(),
            libraries().stream()
                .filter(jar -> !jar.getFileName().toString().startsWith("jackson-")))
        .toList();
  }

  /** Jars that Maven copied into a folder below {@code target}. */
  static List<Path> jars(String folder) throws IOException {
    try (Stream<Path> jars = Files.list(TARGET.resolve(folder))) {
      return jars.sorted().toList();
    }
  }

  /** Runs it as a module; returns all that it printed. */
  String runAsModule(Path javaHome, String... options) throws IOException, InterruptedException {
    Run run = module(javaHome, options);
    assertThat(run.status()).as(run.output()).isZero();
    return run.output();
  }

  /** Runs it as a module, in vain; returns all that it printed. */
  String failsAsModule(Path javaHome, String... options) throws IOException, InterruptedException {
    Run run = module(javaHome, options);
    assertThat(run.status()).as(run.output()).isEqualTo(1);
    return run.output();
  }

  private Run module(Path javaHome, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(options));
    command.addAll(List.of("--module-path", path(libraries()) + File.pathSeparator + classes));
    command.addAll(List.of("--module", "example.application/example.Main"));
    return run(javaHome, command);
  }

  /** Runs it on the class path after Jackson's Scala module was registered. */
  Run runBesideScala(List<Path> libraries) throws IOException, InterruptedException {
    List<Path> entries = new ArrayList<>(libraries);
    entries.addAll(jars("scala"));
    return runOnClassPath(entries, SOURCE.resolve("beside-scala/BesideScala.java").toString());
  }

  Run runOnClassPath(List<Path> libraries, String main) throws IOException, InterruptedException {
    String classPath = path(libraries) + File.pathSeparator + classes;
    return run(Path.of(System.getProperty("java.home")), List.of("-cp", classPath, main));
  }

  /** An exit status and everything that was printed. */
  record Run(int status, String output) {}

  private Run run(Path javaHome, List<String> options) throws IOException, InterruptedException {
    Path out = Files.createTempDirectory(directory, "run");
    List<String> command = new ArrayList<>();
    command.add(javaHome.resolve("bin/java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.add(NanoLlama.directory().toString());
    command.add(directory.resolve("expressions.yaml").toString());
    command.add(out.toString());
    Path output = out.resolve("output");
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    return new Run(status, Files.readString(output));
  }

  private static String path(List<Path> entries) {
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
