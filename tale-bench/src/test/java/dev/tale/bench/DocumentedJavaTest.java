package dev.tale.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every block of Java in the documents compiles.
 *
 * <p>A block that begins with an import, a type or a module is a file of its own. Any other is the
 * body of a method that may throw anything, in a class with the names of {@code docs/Prelude.java}
 * in the test resources, every exported package of Tale, and {@code java.util}, {@code
 * java.nio.file} and {@code java.time}. What else it needs, or needs of another type, a comment
 * directly above the block declares: {@code <!-- java: TaskSplit reviews, TaskSplit questions -->}.
 */
class DocumentedJavaTest {
  private static final Pattern DECLARED = Pattern.compile("<!-- java: (.+?) -->");
  private static final Pattern EXPORT = Pattern.compile("exports ([\\w.]+);");
  private static final Pattern MODULE = Pattern.compile("(?m)^(open )?module ");
  private static final Pattern TYPE =
      Pattern.compile(
          "(?m)^((public|final|abstract|sealed) )*(class|record|interface|enum) (\\w+)");

  @TempDir Path directory;

  @Test
  void compiles() throws IOException {
    List<Path> sources = new ArrayList<>(List.of(prelude()));
    for (Document document : Document.all()) {
      for (Document.Block block : document.blocks("java")) {
        if (!MODULE.matcher(block.code()).find()) {
          sources.add(write(block));
        }
      }
    }
    assertThat(sources).hasSizeGreaterThan(7);
    compile(List.of("-cp", String.join(File.pathSeparator, classPath())), sources);
  }

  @Test
  void modulesCompile() throws IOException {
    Path core = Document.ROOT.resolve("tale-core/target/classes");
    assumeTrue(Files.exists(core.resolve("module-info.class")), "Maven has not compiled " + core);
    List<Document.Block> modules =
        Document.all().stream()
            .flatMap(document -> document.blocks("java").stream())
            .filter(block -> MODULE.matcher(block.code()).find())
            .toList();
    assertThat(modules).isNotEmpty();
    for (Document.Block module : modules) {
      Path folder = Files.createDirectories(directory.resolve(identifier(module)));
      Path source = folder.resolve("module-info.java");
      Files.writeString(source, module.code());
      compile(List.of("--module-path", modulePath(core)), List.of(source));
    }
  }

  /** The modules as Maven compiles them, and their libraries. */
  private static String modulePath(Path core) {
    return Stream.concat(
            Stream.of(core, Document.ROOT.resolve("tale-onnx/target/classes")).map(Path::toString),
            classPath().stream()
                .filter(entry -> entry.endsWith(".jar"))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("tale-")))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** That of these tests, also where a launcher has loaded them by itself. */
  private static List<String> classPath() {
    return DocumentedJavaTest.class.getClassLoader() instanceof URLClassLoader loader
        ? Stream.of(loader.getURLs()).map(URL::getPath).toList()
        : List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
  }

  private Path prelude() throws IOException {
    Path file = Files.createDirectories(directory.resolve("docs")).resolve("Prelude.java");
    return Files.copy(Path.of("src/test/resources/docs/Prelude.java"), file);
  }

  private Path write(Document.Block block) throws IOException {
    Matcher type = TYPE.matcher(block.code());
    boolean whole = type.find() || block.code().startsWith("import ");
    Path folder =
        Files.createDirectories(
            whole ? directory.resolve(identifier(block)) : directory.resolve("docs"));
    String name = whole ? type.group(4) : identifier(block);
    Path file = folder.resolve(name + ".java");
    return Files.writeString(
        file, whole ? "package " + identifier(block) + ";\n" + block.code() : body(name, block));
  }

  private static String body(String name, Document.Block block) throws IOException {
    Matcher declared = DECLARED.matcher(block.comment());
    String names = declared.find() ? declared.group(1) : "";
    return """
        package docs;
        %s
        abstract class %s extends Prelude {
          void run(%s) throws Exception {
        %s
          }
        }
        """
        .formatted(imports(), name, names, block.code());
  }

  private static String imports() throws IOException {
    Stream.Builder<String> packages = Stream.builder();
    for (String module : List.of("tale-core", "tale-onnx")) {
      String descriptor =
          Files.readString(Document.ROOT.resolve(module + "/src/main/java/module-info.java"));
      EXPORT.matcher(descriptor).results().map(match -> match.group(1)).forEach(packages);
    }
    return Stream.concat(packages.build(), Stream.of("java.util", "java.nio.file", "java.time"))
        .map(name -> "import " + name + ".*;\n")
        .collect(Collectors.joining());
  }

  /** File and line, so that the compiler's message says where the block is. */
  private static String identifier(Document.Block block) {
    return block.place().toLowerCase(Locale.ROOT).replaceAll("\\W", "_");
  }

  private void compile(List<String> options, List<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("-proc:none", "-nowarn", "-d", directory.resolve("classes").toString()));
    all.addAll(List.of("--release", "17"));
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(messages, files, null, all, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
  }
}
