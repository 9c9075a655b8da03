package dev.tale.onnx.checkpoint.gguf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tale.evaluate.Progress;
import dev.tale.model.Granularity;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.folder.ModelDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GGUF files that are broken, of other kinds, or dangerous. */
class MalformedGgufTest {
  private static final double MOST_SECONDS = 10;

  @TempDir Path directory;

  /** The values of a small file, one after another. */
  private static final class Bytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static Bytes head(int version, long tensors, long entries) {
      return new Bytes().int32(GgufFile.MAGIC).int32(version).int64(tensors).int64(entries);
    }

    Bytes int32(int value) {
      bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
      return this;
    }

    Bytes int64(long value) {
      bytes.writeBytes(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
      return this;
    }

    Bytes text(String text) {
      int64(text.getBytes(UTF_8).length);
      bytes.writeBytes(text.getBytes(UTF_8));
      return this;
    }

    Bytes entry(String key, String value) {
      return text(key).int32(8).text(value);
    }

    Bytes entry(String key, int value) {
      return text(key).int32(4).int32(value);
    }

    Bytes tensor(String name, int type, long offset, long... dimensions) {
      text(name).int32(dimensions.length);
      for (long dimension : dimensions) {
        int64(dimension);
      }
      return int32(type).int64(offset);
    }

    Bytes zeros(int count) {
      bytes.writeBytes(new byte[count]);
      return this;
    }
  }

  private Path file(Bytes bytes) throws IOException {
    return Files.write(directory.resolve("model.gguf"), bytes.bytes.toByteArray());
  }

  private void malformed(Bytes bytes, String... reasons) throws IOException {
    Path file = file(bytes);
    assertThatThrownBy(() -> GgufFile.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(reasons);
  }

  private void unsupported(Bytes bytes, String... reasons) throws IOException {
    Path file = file(bytes);
    assertThatThrownBy(() -> ModelDirectory.open(file))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(reasons);
  }

  /** What a file is, it says itself. */
  @Test
  void otherNamesAreRead() throws IOException {
    for (String name : List.of("MODEL.GGUF", "sha256-0123")) {
      Path file = Files.write(directory.resolve(name), Bytes.head(1, 0, 0).bytes.toByteArray());
      assertThatThrownBy(() -> ModelDirectory.open(file))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("of version 1");
    }
  }

  @Test
  void beginnings() throws IOException {
    malformed(new Bytes().text("hello, this is no GGUF file"), "does not begin with GGUF");
    malformed(new Bytes().int32(GgufFile.MAGIC), "does not begin with GGUF");
    unsupported(Bytes.head(1, 0, 0), "of version 1", "2 and 3", "newer llama.cpp");
    unsupported(Bytes.head(Integer.reverseBytes(3), 0, 0), "big-endian", "gguf_convert_endian.py");
    Path pointer = directory.resolve("pointer.gguf");
    Files.writeString(pointer, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    assertThatThrownBy(() -> GgufFile.read(pointer)).hasMessageContaining("git lfs pull");
    assertThatThrownBy(() -> ModelDirectory.open(directory.resolve("missing.gguf")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("does not exist");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 1000})
  void countsAreChecked(long count) throws IOException {
    malformed(Bytes.head(3, count, 0).zeros(64), "claims " + Long.toUnsignedString(count));
    malformed(Bytes.head(3, 0, count).zeros(64), "claims " + Long.toUnsignedString(count));
    malformed(Bytes.head(3, 0, 1).int64(count).zeros(64), Long.toUnsignedString(count));
    malformed(Bytes.head(3, 0, 1).text("key").int32(8).int64(count).zeros(64), "bytes of a text");
    malformed(Bytes.head(3, 0, 1).text("key").int32(9).int32(0).int64(count).zeros(64), "array");
  }

  @Test
  void metadataIsChecked() throws IOException {
    malformed(Bytes.head(3, 0, 1).text("key").int32(13).zeros(64), "unknown type 13");
    malformed(Bytes.head(3, 0, 1).text("key").int32(-1).zeros(64), "unknown type -1");
    malformed(Bytes.head(3, 0, 1).text("key").int32(7).int32(2), "truth value of 2");
    malformed(Bytes.head(3, 0, 2).entry("key", 1).entry("key", 2), "key twice");
    malformed(Bytes.head(3, 0, 1).entry("kéy", 1), "other than ASCII");
    malformed(Bytes.head(3, 0, 1).entry("general.alignment", 24).zeros(8), "alignment is 24");
    malformed(Bytes.head(3, 0, 1).entry("general.alignment", "x").zeros(8), "alignment is x");
    malformed(Bytes.head(3, 0, 1).text("key").int32(4).zeros(2), "ends in the middle");
    Bytes nested = Bytes.head(3, 0, 1).text("key").int32(9);
    for (int depth = 0; depth < 10_000; depth++) {
      nested.int32(9).int64(1);
    }
    malformed(nested, "nests arrays more than 4 deep");
  }

  /** What is read before the tensors comes into the heap, so it is bounded. */
  @Test
  void muchMetadataIsRefused() throws IOException {
    int many = (1 << 21) + 1;
    malformed(
        Bytes.head(3, 0, 1).text("key").int32(9).int32(0).int64(many).zeros(many),
        "arrays of 2097153 entries",
        "at most 2097152");
    Bytes texts = Bytes.head(3, 0, 5);
    for (int i = 0; i < 5; i++) {
      texts.text("key" + i).int32(8).int64(16 << 20).zeros(16 << 20);
    }
    malformed(texts, "more than 67108864 bytes before its tensors");
  }

  @Test
  void nestedListsAreRead() throws IOException {
    Bytes lists = Bytes.head(3, 0, 1).text("key").int32(9).int32(9).int64(2);
    lists.int32(8).int64(1).text("a").int32(4).int64(2).int32(1).int32(2).zeros(32);
    assertThat(GgufFile.read(file(lists)).metadata().get("key").value())
        .isEqualTo(List.of(List.of("a"), List.of(1L, 2L)));
  }

  @Test
  void tensorsAreChecked() throws IOException {
    malformed(Bytes.head(3, 1, 0).tensor("a", 0, 0).zeros(64), "has 0 dimensions");
    malformed(Bytes.head(3, 1, 0).tensor("a", 0, 0, 1, 1, 1, 1, 1).zeros(64), "5 dimensions");
    malformed(Bytes.head(3, 1, 0).tensor("a", 0, 0, 0).zeros(64), "shape [0]");
    malformed(Bytes.head(3, 1, 0).tensor("a", 0, 0, -8).zeros(64), "shape [-8]");
    malformed(Bytes.head(3, 1, 0).tensor("a", 2, 0, 33).zeros(64), "whole blocks of 32");
    malformed(Bytes.head(3, 1, 0).tensor("a", 14, 0, 32).zeros(64), "whole blocks of 256");
    malformed(
        Bytes.head(3, 1, 0).tensor("a", 0, 0, 1L << 32, 1L << 32).zeros(64),
        "shape [4294967296, 4294967296]");
    malformed(Bytes.head(3, 1, 0).tensor("a", 0, 4, 1).zeros(64), "multiple of 32");
    malformed(Bytes.head(3, 1, 0).tensor("a", 0, -32, 1).zeros(64), "all in the file");
    malformed(Bytes.head(3, 1, 0).tensor("a", 0, 0, 1000).zeros(64), "all in the file");
    malformed(Bytes.head(3, 2, 0).tensor("a", 0, 0, 1).tensor("a", 0, 32, 1).zeros(96), "a twice");
    malformed(Bytes.head(3, 2, 0).tensor("a", 0, 0, 9).tensor("b", 0, 32, 1).zeros(96), "overlap");
    unsupported(
        Bytes.head(3, 1, 0).tensor("a", 16, 0, 256).zeros(512),
        "tensor a is of type 16",
        "Q4_K",
        "Use a file quantized in one of these");
  }

  @Test
  void otherKindsOfFiles() throws IOException {
    unsupported(
        Bytes.head(3, 0, 2).entry("general.architecture", "llama").entry("split.count", 3),
        "one of 3 files",
        "llama-gguf-split --merge");
    unsupported(
        Bytes.head(3, 0, 2).entry("general.architecture", "llama").entry("general.type", "adapter"),
        "of type adapter",
        "Merge the adapter");
    unsupported(
        Bytes.head(3, 0, 2).entry("general.architecture", "llama").entry("general.type", "imatrix"),
        "of type imatrix",
        "Give the file with the language model");
    unsupported(
        Bytes.head(3, 0, 1).entry("general.architecture", "clip"),
        "the projector of a model",
        "Give the file with the language model");
    unsupported(
        Bytes.head(3, 0, 1).entry("general.architecture", "gpt2"), "architecture gpt2", "qwen3");
    unsupported(
        Bytes.head(3, 0, 2).entry("general.architecture", "llama").entry("llama.expert_count", 8),
        "experts");
    unsupported(
        Bytes.head(3, 0, 1).entry("general.architecture", "llama"), "a vocabulary, but no tensors");
  }

  /** A setting of a whole model, changed in place: keys keep their lengths. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama.block_count | llama.block_cOunt | llama.block_count is missing",
        "llama.embedding_length | llama.embedding_lengtH | embedding_length is missing",
        "llama.attention.head_count | llama.attention.head_cOunt | head_count is missing",
        "llama.attention.layer_norm_rms_epsilon | llama.attention.layer_norm_rms_epsiloN | missing",
        "blk.1.attn_q.weight | blk.7.attn_q.weight | no tensor model.layers.1.self_attn.q_proj",
        "blk.1.attn_q.weight | blk.1.attn_z.weight | blk.1.attn_z.weight, which architecture",
        "output_norm.weight | oUtput_norm.weight | oUtput_norm.weight, which architecture",
        "tokenizer.ggml.model | tokenizer.ggml.mOdel | no tokenizer.ggml.model",
        "tokenizer.ggml.tokens | tokenizer.ggml.tOkens | no tokenizer.ggml.tokens",
        "tokenizer.ggml.merges | tokenizer.ggml.mErges | no tokenizer.ggml.merges",
        "smollm | unk-ow | way to split texts, is unk-ow",
      })
  void settingsAreChecked(String from, String to, String reason) throws IOException {
    byte[] bytes = Files.readAllBytes(GgufTest.FIXTURES.resolve("llama-smollm.gguf"));
    String text = new String(bytes, ISO_8859_1);
    assertThat(text).contains(from);
    Path file = directory.resolve("model.gguf");
    Files.write(file, text.replace(from, to).getBytes(ISO_8859_1));
    assertThatThrownBy(() -> ModelDirectory.open(file))
        .isInstanceOfAny(ModelFormatException.class, UnsupportedModelException.class)
        .hasMessageContainingAll(file.toString(), reason);
  }

  @Test
  void mutantsAreUsedOrRefused() throws IOException {
    fuzz(400);
  }

  @Test
  @Tag("nightly")
  void manyMoreMutantsAreUsedOrRefused() throws IOException {
    fuzz(20_000);
  }

  /** Some bytes changed, mostly before the tensors, or a cut somewhere. */
  private void fuzz(int mutants) throws IOException {
    long seed = Long.getLong("tale.seed", 16);
    List<String> names = List.of("llama", "llama-smollm", "qwen2");
    TreeMap<String, Integer> counts = new TreeMap<>();
    double slowest = 0;
    for (int mutant = 0; mutant < mutants; mutant++) {
      Random random = new Random(seed * 1_000_003 + mutant);
      Path original = GgufTest.FIXTURES.resolve(names.get(random.nextInt(3)) + ".gguf");
      Path file = directory.resolve("model.gguf");
      Files.write(file, damaged(Files.readAllBytes(original), random));
      long start = System.nanoTime();
      counts.merge(opened(file, mutant), 1, Integer::sum);
      slowest = Math.max(slowest, (System.nanoTime() - start) / 1e9);
    }
    System.out.printf(
        "%d GGUF files of seed %d: %s, slowest %.2f s%n", mutants, seed, counts, slowest);
    assertThat(slowest).isLessThan(MOST_SECONDS);
    assertThat(counts).containsKeys("used", "ModelFormatException");
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    int head = random.nextInt(4) == 0 ? bytes.length : 2000;
    for (int change = 0; change <= random.nextInt(3); change++) {
      bytes[random.nextInt(head)] =
          random.nextBoolean() ? (byte) random.nextInt() : (byte) random.nextInt(16);
    }
    return random.nextInt(10) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private String opened(Path file, int mutant) throws IOException {
    Path weights = directory.resolve("weights");
    try (ModelDirectory model =
        ModelDirectory.open(file, Granularity.LAYER, Optional.of(weights), Progress.none())) {
      return model.stream().layerCount() > 0 ? "used" : "empty";
    } catch (ModelFormatException | UnsupportedModelException e) {
      assertThat(e.getMessage()).as("mutant %d", mutant).contains(directory.toString());
      return e.getClass().getSimpleName();
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError("mutant " + mutant, e);
    } finally {
      if (Files.exists(weights)) {
        MoreFiles.deleteRecursively(weights, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
  }
}
