package dev.tale.onnx.folder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tale.model.LayerMask;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.graph.TestModels;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SideFilesTest {
  @TempDir Path parent;
  private Path directory;
  private Path secret;
  private int targets;

  @BeforeEach
  void model() throws IOException {
    secret = Files.writeString(parent.resolve("secret"), "{\"num_hidden_layers\": 3}");
    directory = directory(Files.createDirectory(parent.resolve("model")));
  }

  private static Path directory(Path directory) throws IOException {
    Files.copy(TestModels.QWEN2.file(), directory.resolve("model.onnx"));
    Files.writeString(directory.resolve("config.json"), "{\"num_hidden_layers\": 3}");
    return directory;
  }

  /** Of every kind: settings, what is copied, and what nobody reads. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.json",
        "tokenizer.json",
        "layers_to_keep.json",
        "vocab.txt",
        "README",
        "x.png"
      })
  void open_refusesLinksOutOfTheDirectory(String name) throws IOException {
    Path link = directory.resolve(name);
    for (Path target : new Path[] {secret, Path.of("../secret")}) {
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, target);
      assertRefused(link, "is a link to", "outside the model's directory " + directory);
    }
  }

  @Test
  void open_refusesALinkThroughAnother() throws IOException {
    Path hop = Files.createSymbolicLink(directory.resolve(".hop"), secret);
    Path link = Files.createSymbolicLink(directory.resolve("vocab.txt"), hop);
    assertRefused(link, "is a link to " + secret.toRealPath());
  }

  @Test
  void open_refusesALinkInAModulesFolder() throws IOException {
    Files.writeString(
        directory.resolve("modules.json"), "[{\"path\": \"1_Pooling\", \"type\": \"x.Pooling\"}]");
    Path folder = Files.createDirectory(directory.resolve("1_Pooling"));
    Path link = Files.createSymbolicLink(folder.resolve("config.json"), secret);
    assertRefused(link, "outside the model's directory");
  }

  @Test
  void excise_followsLinksWithinTheDirectory() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("files"));
    Files.writeString(folder.resolve("1"), "a b");
    Files.createSymbolicLink(directory.resolve("vocab.txt"), Path.of("files/1"));
    Path alias = Files.createSymbolicLink(parent.resolve("alias"), directory);
    assertThat(excise(ModelDirectory.open(alias)).resolve("vocab.txt")).hasContent("a b");
  }

  /** A cache of Hugging Face, seen as it is, through a link, and from a folder of the snapshot. */
  @Test
  void open_followsLinksToTheBlobsOfItsCache() throws IOException {
    Path cache = Files.createDirectory(parent.resolve("models--a--b"));
    Path blobs = Files.createDirectory(cache.resolve("blobs"));
    Path snapshot = Files.createDirectories(cache.resolve("snapshots/607a"));
    Path folder = Files.createDirectory(snapshot.resolve("onnx"));
    Files.move(directory.resolve("model.onnx"), blobs.resolve("1"));
    Files.move(directory.resolve("config.json"), blobs.resolve("2"));
    Files.createSymbolicLink(folder.resolve("model.onnx"), Path.of("../../../blobs/1"));
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/2"));
    Files.createSymbolicLink(folder.resolve("vocab.txt"), Path.of("../../../blobs/2"));
    Path alias = Files.createSymbolicLink(parent.resolve("alias"), snapshot);
    for (Path path : new Path[] {snapshot, alias, folder, folder.resolve("model.onnx")}) {
      assertThat(ModelDirectory.open(path).stream().layerCount()).isEqualTo(3);
    }
    Path other = Files.createDirectories(parent.resolve("models--c--d/blobs"));
    Files.copy(secret, other.resolve("3"));
    Path link = snapshot.resolve("vocab.txt");
    Files.createSymbolicLink(link, other.resolve("3"));
    assertRefused(snapshot, link, "outside the model's directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json", "vocab.txt"})
  void open_refusesGitLfsPointers(String name) throws IOException {
    String pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:"
            + "0".repeat(64)
            + "\nsize 17209920\n";
    Path file = Files.writeString(directory.resolve(name), pointer);
    assertRefused(file, "Git LFS pointer of " + pointer.length() + " bytes", "git lfs pull");
  }

  @Test
  void open_refusesLinksThatLeadNowhere() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("vocab.txt"), Path.of("nothing"));
    assertRefused(link, "leads nowhere");
    Files.delete(link);
    Files.createSymbolicLink(link, link.getFileName());
    assertRefused(link, "leads nowhere");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json", "genai_config.json", "vocab.txt"})
  void open_refusesAPipe(String name) throws Exception {
    Path pipe = directory.resolve(name);
    Files.deleteIfExists(pipe);
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assumeTrue(made.waitFor() == 0, "mkfifo is not here");
    assertRefused(pipe, "is not a regular file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json", "mergekit.yaml"})
  void open_refusesADirectoryInPlaceOfSettings(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
    assertRefused(Files.createDirectory(directory.resolve(name)), "is not a regular file");
  }

  @Test
  void open_refusesADevice() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("vocab.txt"), Path.of("/dev/zero"));
    assertRefused(link, "/dev/zero");
  }

  @Test
  void open_namesAFileThatItMayNotRead() throws IOException {
    Path file = Files.writeString(directory.resolve("vocab.txt"), "a");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeTrue(!Files.isReadable(file), "this user may read everything");
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContainingAll(file.toString(), "let this user read it");
  }

  @Test
  void excise_leavesOtherDirectoriesAndHiddenFilesAlone() throws IOException {
    Files.createDirectory(directory.resolve("runs"));
    Files.createSymbolicLink(directory.resolve(".lock"), secret);
    assertThat(excise(ModelDirectory.open(directory)))
        .isDirectoryNotContaining(file -> file.getFileName().toString().matches("runs|\\.lock"));
  }

  /** Large files are not held, so they must be as they were. */
  @Test
  void excise_copiesALargeFileUnlessItHasChanged() throws IOException {
    Path file = directory.resolve("corpus.txt");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(SideFile.LARGE + 1);
    }
    ModelDirectory model = ModelDirectory.open(directory);
    assertThat(excise(model).resolve("corpus.txt")).hasSize(SideFile.LARGE + 1);
    Files.writeString(file, "short");
    assertThatThrownBy(() -> excise(model))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(file.toString(), "has changed");
  }

  @Test
  void open_refusesSettingsThatAreTooLarge() throws IOException {
    Path file = directory.resolve("config.json");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(SideFile.LARGE + 1);
    }
    assertRefused(file, "67108865 bytes; a settings file has at most 67108864");
  }

  @Test
  void read_findsWhatWasHeldWhateverBecomesOfIt() throws IOException {
    Path file = Files.writeString(directory.resolve("vocab.txt"), "a b");
    SideFile held = SideFile.read(file);
    Files.delete(file);
    assertThat(new String(held.content(), UTF_8)).isEqualTo("a b");
    assertThatThrownBy(held::requireUntouched).hasMessageContaining(file.toString());
  }

  private void assertRefused(Path file, String... parts) {
    assertRefused(directory, file, parts);
  }

  private static void assertRefused(Path directory, Path file, String... parts) {
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContainingAll(parts);
  }

  private Path excise(ModelDirectory model) throws IOException {
    Path target = parent.resolve("out" + targets++);
    try (Staged staged = model.excise(LayerMask.of(3, 1), target, Map.of())) {
      return staged.commit();
    }
  }
}
