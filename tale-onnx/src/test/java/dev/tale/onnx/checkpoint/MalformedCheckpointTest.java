package dev.tale.onnx.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.folder.ModelDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that are broken, of other kinds, or dangerous. */
class MalformedCheckpointTest {
  private static final double MOST_SECONDS = 10;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 4]}} | F32 of shape [2] takes 8",
        "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [4, 8]}} | begins at byte 4 of the data",
        "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}} | of which tensors take 4",
        "{'a': {'dtype': 'F32', 'shape': [4], 'data_offsets': [0, 16]}} | bytes 0 to 16 of 8",
        "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [8, 0]}} | bytes 8 to 0 of 8",
        "{'a': {'dtype': 'F32', 'shape': [-2], 'data_offsets': [0, 8]}} | -2 in place of a number",
        "{'a': {'dtype': 'F32', 'shape': [2.0], 'data_offsets': [0, 8]}} | 2.0 in place of a number",
        "{'a': {'dtype': 'F32', 'shape': 2, 'data_offsets': [0, 8]}} | without shape or place",
        "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8, 9]}} | without shape or place",
        "{'a': {'dtype': 'F32', 'shape': [4294967296, 4294967296], 'data_offsets': [0, 8]}} | too large",
        "{'a': {'dtype': 'Q4', 'shape': [2], 'data_offsets': [0, 8]}} | unknown dtype Q4",
        "{'a': 7} | in place of a number",
        "{'__metadata__': 7} | has 7 as __metadata__ in place of texts",
        "{'__metadata__': {'a': {}}} | as __metadata__ in place of texts",
        "[1] | not with {",
        "{} {} | not one JSON object",
        "{'a': | not JSON",
        "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]},"
            + " 'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [4, 8]}} | not JSON: Duplicate",
        "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]},"
            + " 'b': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}} | b begins at byte 0"
      })
  void headersAreChecked(String header, String reason) throws IOException {
    Path file = directory.resolve("model.safetensors");
    byte[] json = header.replace('\'', '"').getBytes(UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(json.length).put(json).array());
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(file.toString(), reason, "fetch or export the model again");
  }

  @Test
  void lengthsOfHeadersAreChecked() throws IOException {
    Path file = directory.resolve("model.safetensors");
    for (long length : new long[] {-1, 0, 1, 100, 1L << 40, Long.MAX_VALUE}) {
      ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      Files.write(file, bytes.putLong(length).array());
      assertThatThrownBy(() -> Safetensors.read(file))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("says that its header has " + Long.toUnsignedString(length));
    }
    Files.write(file, new byte[3]);
    assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("has 3 bytes");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("git lfs pull");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'llama' | 'gpt_oss' | has model_type gpt_oss",
        "'llama' | null | has model_type",
        "'silu' | 'gelu' | hidden_act is",
        "'num_hidden_layers': 3 | 'num_hidden_layers': 4 | no tensor model.layers.3.input_layernorm",
        "'num_hidden_layers': 3 | 'num_hidden_layers': 2 | has a tensor model.layers.2.",
        "'num_hidden_layers': 3 | 'num_hidden_layers': 2000000000 | num_hidden_layers is 2000000000",
        "'num_hidden_layers': 3 | 'num_hidden_layers': '3' | num_hidden_layers is",
        "'hidden_size': 32 | 'hidden_size': 64 | has the shape [64, 32]; config.json asks for [64, 64]",
        "'vocab_size': 64 | 'vocab_size': 0 | vocab_size is 0",
        "'num_key_value_heads': 1 | 'num_key_value_heads': 3 | not a divisor of 2",
        "'head_dim': 16 | 'head_dim': 15 | head_dim is 15",
        "'llama3' | 'yarn' | scaled by yarn",
        "'max_position_embeddings': 128 | 'max_position_embeddings': 3000000 | 1 to 2097152",
        "'rms_norm_eps': 1e-06 | 'rms_norm_eps': 'small' | rms_norm_eps is",
        "'rms_norm_eps': 1e-06 | 'rms_norm_eps': 0 | rms_norm_eps is 0; a finite number greater",
        "'factor': 4.0 | 'factor': -4.0 | factor is -4.0",
        "'high_freq_factor': 4.0 | 'high_freq_factor': 1.0 | must be the greater",
        "'rope_theta': 500.0 | 'rope_theta': [500] | rope_theta is [500]",
        "'mlp_bias': false | 'mlp_bias': 'no' | mlp_bias is",
        "'tie_word_embeddings': false | 'tie_word_embeddings': 'yes' | tie_word_embeddings is",
        "'factor': 4.0 | 'factors': 4.0 | it needs factor",
        "'original_max_position_embeddings' | 'originally' | it needs original_max_position",
        "'rope_type': 'llama3' | 'rope_type': 'llama3', 'type': 'linear' | needs one rope_type",
        "'rope_type': 'llama3' | 'kind': 'llama3' | needs one rope_type",
        "'rope_theta': 500.0 | 'rope_theta': 500.0, 'rope_theta': 10000.0 | not JSON: Duplicate",
        "'mlp_bias': false | 'mlp_bias': true | no tensor model.layers.0.mlp.gate_proj.bias",
        "'mlp_bias': false | 'quantization_config': {'quant_method': 'gptq'} | quantized by gptq",
        "'mlp_bias': false | 'auto_map': {} | trust_remote_code"
      })
  void settingsAreChecked(String from, String to, String reason) throws IOException {
    copy("llama");
    Path config = directory.resolve("config.json");
    String text = Files.readString(config);
    String changed = text.replace(from.replace('\'', '"'), to.replace('\'', '"'));
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(config, changed);
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOfAny(ModelFormatException.class, UnsupportedModelException.class)
        .hasMessageContainingAll(directory.toString(), reason);
  }

  @Test
  void whatIsNotFloatIsRefused() throws IOException {
    copy("llama");
    Path file = directory.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    String header = new String(bytes, 8, 200, UTF_8);
    int at = header.indexOf("F32");
    System.arraycopy("I32".getBytes(UTF_8), 0, bytes, 8 + at, 3);
    Files.write(file, bytes);
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("is of type I32", "F32, F16 and BF16");
  }

  @ParameterizedTest
  @CsvSource({
    "pytorch_model-00001-of-00002.bin, can run code",
    "model.pt, can run code",
    "model.pth, can run code",
    "consolidated.00.pth, can run code",
    "last.ckpt, can run code",
    "consolidated.safetensors, not of transformers",
    "model.fp16.safetensors, rename the file",
    "adapter_model.safetensors, merge_and_unload",
    "tf_model.h5, of another framework",
    "model.nemo, can run code",
    "openvino_model.bin, of OpenVINO",
    "model-00001-of-00002.safetensors, Fetch the whole folder",
    "MODEL.SAFETENSORS, Give the folder",
    "model.safetensors.index.fp16.json, in an index",
  })
  void weightsByOtherNamesAreNamed(String name, String remedy) throws IOException {
    Path folder = Files.createDirectory(directory.resolve("other"));
    Files.writeString(folder.resolve("config.json"), "{}");
    Path weights = Files.writeString(folder.resolve(name), "no");
    for (Path given : List.of(folder, weights)) {
      assertThatThrownBy(() -> ModelDirectory.open(given))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContainingAll(weights.toString(), remedy);
    }
  }

  @Test
  void theWeightsAloneAreNotTheModel() throws IOException {
    Files.writeString(directory.resolve("model.safetensors"), "");
    assertThatThrownBy(() -> ModelDirectory.open(directory.resolve("model.safetensors")))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("Give the folder");
  }

  @Test
  void settingsThatWereNotFetchedAreTold() throws IOException {
    Files.writeString(directory.resolve("model.safetensors"), "");
    Files.writeString(
        directory.resolve("config.json"),
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    assertThatThrownBy(() -> ModelDirectory.open(directory)).hasMessageContaining("git lfs pull");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16", "UTF-32BE"})
  void headersAreInUtf8(String charset) throws IOException {
    headerIsRefused("{}".getBytes(Charset.forName(charset)));
  }

  @Test
  void headersBeginWithABrace() throws IOException {
    headerIsRefused(" {}".getBytes(UTF_8));
    headerIsRefused("\uFEFF{}".getBytes(UTF_8));
    headerIsRefused(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
  }

  private void headerIsRefused(byte[] header) throws IOException {
    Path file = directory.resolve("model.safetensors");
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(header.length).put(header).array());
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("has a header that");
  }

  @Test
  void pickledWeightsAreNeverRead() throws IOException {
    Files.writeString(directory.resolve("config.json"), "{}");
    Files.writeString(directory.resolve("pytorch_model.bin"), "no");
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("pytorch_model.bin", "can run code", "save_pretrained");
  }

  @ParameterizedTest
  @CsvSource({
    "model-00002-of-00003.safetensors, ../x.safetensors, only the name",
    "model-00002-of-00003.safetensors, /etc/x.safetensors, only the name",
    "model-00002-of-00003.safetensors, a.bin, only the name",
    "model-00002-of-00003.safetensors, a.safetensors, does not exist",
    "model-00002-of-00003.safetensors, model-00001-of-00003.safetensors, or others",
    "model.layers.0.mlp.up_proj.weight, other, or others",
    "weight_map, other, has no weight_map"
  })
  void indexesAreChecked(String from, String to, String reason) throws IOException {
    copy("llama-bf16-shards");
    Path index = directory.resolve("model.safetensors.index.json");
    String text = Files.readString(index);
    assertThat(text).contains(from);
    Files.writeString(index, text.replace("\"" + from + "\"", "\"" + to + "\""));
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(reason);
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

  /** One byte or a cut somewhere in settings, header or index. */
  private void fuzz(int mutants) throws IOException {
    long seed = Long.getLong("tale.seed", 16);
    TreeMap<String, Integer> counts = new TreeMap<>();
    double slowest = 0;
    for (int mutant = 0; mutant < mutants; mutant++) {
      Random random = new Random(seed * 1_000_003 + mutant);
      boolean sharded = random.nextBoolean();
      copy(sharded ? "llama-bf16-shards" : "llama");
      damage(random, sharded);
      long start = System.nanoTime();
      counts.merge(opened(mutant), 1, Integer::sum);
      slowest = Math.max(slowest, (System.nanoTime() - start) / 1e9);
    }
    System.out.printf(
        "%d checkpoints of seed %d: %s, slowest %.2f s%n", mutants, seed, counts, slowest);
    assertThat(slowest).isLessThan(MOST_SECONDS);
    assertThat(counts).containsKeys("used", "ModelFormatException");
  }

  private void damage(Random random, boolean sharded) throws IOException {
    List<String> names =
        sharded
            ? List.of(
                "config.json", "model.safetensors.index.json", "model-00002-of-00003.safetensors")
            : List.of("config.json", "model.safetensors");
    Path file = directory.resolve(names.get(random.nextInt(names.size())));
    byte[] bytes = Files.readAllBytes(file);
    int header =
        file.toString().endsWith(".safetensors")
            ? 8 + (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong()
            : bytes.length;
    for (int change = 0; change <= random.nextInt(3); change++) {
      int at = random.nextInt(header);
      bytes[at] =
          random.nextBoolean()
              ? (byte) random.nextInt()
              : (byte) "0123456789{}[],:\"-e.ntf".charAt(random.nextInt(23));
    }
    Files.write(
        file,
        random.nextInt(10) == 0
            ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length))
            : bytes);
  }

  private String opened(int mutant) {
    try {
      ModelDirectory.open(directory);
      return "used";
    } catch (ModelFormatException | UnsupportedModelException e) {
      assertThat(e.getMessage()).as("mutant %d", mutant).contains(directory.toString());
      return e.getClass().getSimpleName();
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError("mutant " + mutant, e);
    }
  }

  private void copy(String name) throws IOException {
    MoreFiles.deleteDirectoryContents(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    try (Stream<Path> files = Files.list(CheckpointTest.FIXTURES.resolve(name))) {
      for (Path file : files.toList()) {
        if (!file.endsWith("expected.json")) {
          Files.copy(file, directory.resolve(file.getFileName()));
        }
      }
    }
  }
}
