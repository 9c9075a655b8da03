package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelFormatException;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.Timing;
import dev.tale.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to the files of a model while it is open. */
@Tag("slow")
class ChangedFilesTest {
  private static final LayerMask ALL = LayerMask.none(12);
  private static final LayerMask MASK = LayerMask.of(12, 2, 8);
  private static final List<Request> QUESTION =
      List.of(new Request.LogLikelihood("not True is", " False"));
  private static final List<Request> GENERATION =
      List.of(new Request.Generation("True and False is", List.of(), 4));

  @TempDir Path parent;
  private Path directory;
  private Path weights;
  private OnnxModel model;

  @BeforeEach
  void open() throws IOException {
    directory = ExternalNano.in(parent);
    weights = directory.resolve(ExternalNano.WEIGHTS);
    model = OnnxModel.builder(directory).device(Device.cpu(1)).open();
  }

  @AfterEach
  void close() {
    model.close();
  }

  /** Ways to change a file. */
  private enum Change {
    RENAMED_INTO_PLACE {
      @Override
      void make(Path file) throws IOException {
        Path other = Files.write(file.resolveSibling("new"), halved(file));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      }
    },
    WRITTEN_IN_PLACE {
      @Override
      void make(Path file) throws IOException {
        Files.write(file, halved(file), StandardOpenOption.WRITE);
      }
    },
    WRITTEN_IN_PLACE_WITH_ITS_TIME_SET_BACK {
      @Override
      void make(Path file) throws IOException {
        FileTime before = Files.getLastModifiedTime(file);
        WRITTEN_IN_PLACE.make(file);
        Files.setLastModifiedTime(file, before);
      }
    },
    TRUNCATED {
      @Override
      void make(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(100);
        }
      }
    },
    DELETED {
      @Override
      void make(Path file) throws IOException {
        Files.delete(file);
      }
    };

    abstract void make(Path file) throws IOException;

    private static byte[] halved(Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 3; i < bytes.length; i += 4) {
        bytes[i] = (byte) ((bytes[i] & 0x80) | Math.max(0, (bytes[i] & 0x7f) - 1));
      }
      return bytes;
    }
  }

  @ParameterizedTest
  @EnumSource
  void weightsThatChangeBetweenQuestionsAreRefused(Change change) throws IOException {
    List<List<Response>> before = model.respond(QUESTION, List.of(ALL));
    assertThat(model.respond(QUESTION, List.of(ALL))).isEqualTo(before);
    Path kept = Files.copy(weights, parent.resolve("kept"));
    change.make(weights);
    assertRefused();
    // What was loaded meanwhile, if anything, is not known.
    Files.move(kept, weights, StandardCopyOption.REPLACE_EXISTING);
    assertRefused();
  }

  private void assertRefused() {
    for (List<Request> requests : List.of(QUESTION, GENERATION)) {
      assertThatThrownBy(() -> model.respond(requests, List.of(ALL)))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContainingAll(weights.toString(), "changed or gone", "open it again");
    }
    assertThatThrownBy(
            () ->
                model.hiddenStates().orElseThrow().atLastPromptToken(QUESTION, LayerMask.none(12)))
        .isInstanceOf(UnsupportedModelException.class);
    assertThatThrownBy(
            () -> model.scaledLayers().orElseThrow().respond(QUESTION, List.of(new double[12])))
        .isInstanceOf(UnsupportedModelException.class);
  }

  @ParameterizedTest
  @EnumSource
  void weightsThatChangeBeforeTheFormWithCachesAreRefused(Change change) throws IOException {
    model.respond(QUESTION, List.of(ALL));
    change.make(weights);
    assertThatThrownBy(() -> model.respond(GENERATION, List.of(ALL)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining(weights.toString());
  }

  @ParameterizedTest
  @EnumSource
  void weightsThatChangeAreNotWritten(Change change) throws IOException {
    change.make(weights);
    Path out = parent.resolve("out");
    assertThatThrownBy(() -> export(out))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(weights.toString());
    assertThat(out).doesNotExist();
    assertThatThrownBy(
            () ->
                model.latencyMeter().orElseThrow().measure(List.of(ALL), QUESTION, Timing.DEFAULT))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(weights.toString());
  }

  @Test
  void weightsThatAreTouchedOrReplacedByThemselvesAreTheSame() throws IOException {
    List<List<Response>> before = model.respond(QUESTION, List.of(ALL, MASK));
    Files.setLastModifiedTime(weights, FileTime.fromMillis(0));
    assertThat(model.respond(QUESTION, List.of(ALL, MASK))).isEqualTo(before);
    Path copy = Files.copy(weights, parent.resolve("copy"));
    Files.move(copy, weights, StandardCopyOption.REPLACE_EXISTING);
    assertThat(model.respond(QUESTION, List.of(ALL, MASK))).isEqualTo(before);
    export(parent.resolve("out"));
    assertThat(answers(parent.resolve("out"))).isEqualTo(before.get(1));
  }

  /** The graph and the files beside it were read, and are held, since the model was opened. */
  @Test
  void exportsHaveTheFilesThatWereOpened() throws IOException {
    export(parent.resolve("before"));
    List<List<Response>> answers = model.respond(QUESTION, List.of(MASK));
    for (String name : List.of("tokenizer.json", "config.json", "model.onnx")) {
      Change.RENAMED_INTO_PLACE.make(directory.resolve(name));
    }
    Files.writeString(directory.resolve("generation_config.json"), "{}");
    Files.writeString(directory.resolve("tokenizer_config.json"), "no JSON");
    Files.deleteIfExists(directory.resolve("special_tokens_map.json"));
    Files.writeString(directory.resolve("chat_template.jinja"), "{{ new }}");
    Files.writeString(directory.resolve("added_later.txt"), "new");
    export(parent.resolve("after"));
    assertThat(contents(parent.resolve("after"))).isEqualTo(contents(parent.resolve("before")));
    assertThat(answers(parent.resolve("after"))).isEqualTo(answers.get(0));
  }

  private void export(Path target) throws IOException {
    model.exporter().orElseThrow().export(MASK, target, Map.of(), QUESTION);
  }

  private static List<Response> answers(Path exported) throws IOException {
    try (OnnxModel written = OnnxModel.builder(exported).device(Device.cpu(1)).open()) {
      return written.respond(QUESTION, List.of(LayerMask.none(10))).get(0);
    }
  }

  private static Map<String, String> contents(Path directory) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        contents.put(
            file.getFileName().toString(),
            MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString());
      }
    }
    return contents;
  }
}
