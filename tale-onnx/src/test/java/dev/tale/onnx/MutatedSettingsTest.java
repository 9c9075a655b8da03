package dev.tale.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.model.Message;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.testing.ResourceFiles;
import dev.tale.onnx.text.ChatTemplate;
import dev.tale.onnx.text.UnencodableTextException;
import dev.tale.testing.Mutation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * The small files beside a graph, damaged: each is used or refused with its name, in time. What is
 * written in place of one that was used can be read again.
 */
@Tag("slow")
class MutatedSettingsTest {
  private static final Duration HANG = Duration.ofSeconds(10);

  private static final Map<String, String> FILES =
      Map.ofEntries(
          Map.entry(
              "config.json",
              """
              {"architectures": ["SmolLM3ForCausalLM"], "model_type": "smollm3", "eos_token_id": 1,
               "num_hidden_layers": 3, "max_position_embeddings": 128, "sliding_window": 8,
               "use_sliding_window": true, "max_window_layers": 2, "layer_types": ["a", "b", "c"],
               "no_rope_layers": [1, 1, 0], "no_rope_layer_interval": 3, "rope_theta": 2000000.0,
               "mlp_only_layers": [0, 2], "block_types": ["r", "a"], "num_kv_heads": [2, 1, 2],
               "attention_types": [[["global", "local"], 1], [["local"], 1]], "pruned_heads": {"1": [0]},
               "rope_scaling": null, "pad_token_id": 2,
               "transformers.js_config": {"use_external_data_format": {"model.onnx": 1}}}
              """),
          Map.entry(
              "genai_config.json",
              """
              {"model": {"eos_token_id": [1, 2], "context_length": 64, "decoder": {
                "num_hidden_layers": 3, "filename": "model.onnx", "head_size": 8,
                "sliding_window": {"window_size": 4, "layers": [0, 2]},
                "session_options": {"log_id": "x", "provider_options": []},
                "inputs": {"past_key_names": "past_key_values.%d.key"}}},
               "search": {"max_length": 64, "do_sample": false}}
              """),
          Map.entry("generation_config.json", "{\"eos_token_id\": [1, 2], \"do_sample\": false}"),
          Map.entry(
              "tokenizer_config.json",
              """
              {"bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false},
               "add_bos_token": true, "model_max_length": 1e30, "chat_template": [
                {"name": "default", "template": "{{ bos_token }}{{ messages[0].content }}"},
                {"name": "rag", "template": "x"}]}
              """),
          Map.entry("special_tokens_map.json", "{\"bos_token\": \"<s>\", \"unk_token\": null}"),
          Map.entry(
              "chat_template.jinja",
              """
              {%- set ns = namespace(last='') %}{% for message in messages -%}
              {% if message.role == 'user' %}{{ '<|' + message['role'] + '|>' }}{% endif %}
              {{ message.content | trim }}{{ eos_token }}{% set ns.last = loop.index0 %}
              {%- endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}
              {%- macro m(x, y=2) %}{{ x ~ y }}{% endmacro %}{{ m(1)[::-1] }}{{ messages | tojson }}
              """),
          Map.entry(
              "modules.json",
              """
              [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
               {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
              """),
          Map.entry(
              "1_Pooling/config.json",
              "{\"word_embedding_dimension\": 32, \"pooling_mode_mean_tokens\": true}"),
          Map.entry(
              "mergekit.yaml",
              """
              # Makes the same model from the original checkpoint: mergekit-yaml mergekit.yaml OUTPUT
              merge_method: passthrough
              slices:
                - sources:
                    - model: "a/b"
                      layer_range: [0, 1]
              """),
          Map.entry(
              "layers_to_keep.json",
              """
              {"format": 1, "granularity": "layer", "original_layers": 5,
               "layers_to_keep": [0, 2, 4], "layers_removed": [1, 3]}
              """));

  private static final List<String> NAMES = FILES.keySet().stream().sorted().toList();

  @TempDir Path parent;
  private Path directory;

  @BeforeEach
  void write() throws IOException {
    directory = Files.createDirectory(parent.resolve("model"));
    try (InputStream graph = ResourceFiles.open("/models/tiny-qwen2/model.onnx")) {
      Files.copy(graph, directory.resolve("model.onnx"));
    }
    for (String name : NAMES) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, FILES.get(name));
    }
  }

  @Test
  void originalsAreUsed() throws IOException {
    for (Granularity granularity : Granularity.values()) {
      assertThat(use(granularity)).isTrue();
    }
  }

  @Test
  void settings(TestReporter reporter) throws IOException {
    check(100, System.nanoTime(), reporter);
  }

  @Test
  @Tag("nightly")
  void moreSettings(TestReporter reporter) throws IOException {
    check(20_000, System.nanoTime(), reporter);
  }

  private void check(int mutants, long seed, TestReporter reporter) throws IOException {
    Mutation mutation = new Mutation(seed);
    int refused = 0;
    for (int i = 0; i < mutants; i++) {
      String name = NAMES.get(i % NAMES.size());
      Path file = directory.resolve(name);
      byte[] mutant = mutation.of(FILES.get(name).getBytes(UTF_8));
      Granularity granularity = mutation.next(2) == 0 ? Granularity.LAYER : Granularity.SUBLAYER;
      Files.write(file, mutant);
      String id = "mutant " + i + " of seed " + seed + ": " + name;
      refused +=
          assertTimeoutPreemptively(HANG, () -> checked(granularity, id, mutant), id) ? 0 : 1;
      Files.writeString(file, FILES.get(name));
    }
    reporter.publishEntry(
        "settings", mutants + " mutants of seed " + seed + ", " + refused + " refused");
    assertThat(refused).isBetween(1, mutants - 1);
  }

  private boolean checked(Granularity granularity, String id, byte[] mutant) {
    try {
      return use(granularity);
    } catch (Throwable e) {
      throw new AssertionError(id + "\n" + new String(mutant, UTF_8), e);
    }
  }

  /** Returns whether the directory is used, not refused. */
  private boolean use(Granularity granularity) throws IOException {
    ModelDirectory model;
    try {
      model = ModelDirectory.open(directory, granularity);
      SentencePooling.read(model);
      ModelConfig.read(model, ChatTemplate.DEFAULT_DATE).template().ifPresent(this::render);
    } catch (ModelFormatException | UnsupportedModelException | UnencodableTextException e) {
      assertThat(e).hasMessageContaining(directory.toString());
      return false;
    }
    LayerMask mask = granularity == Granularity.LAYER ? LayerMask.of(3, 1) : LayerMask.of(6, 2, 3);
    try (Staged staged = model.excise(mask, parent.resolve("out"), Map.of())) {
      assertWritten(staged.directory());
    }
    return true;
  }

  private void render(ChatTemplate template) {
    String text = template.render(List.of(Message.user("a"), Message.assistant("b")), "");
    assertThat(text).isNotNull();
  }

  /** What was used is written so that it is read again, though it may not be prunable again. */
  private static void assertWritten(Path written) throws IOException {
    try {
      ModelDirectory again = ModelDirectory.open(written);
      assertThat(ModelConfig.read(again, ChatTemplate.DEFAULT_DATE).contextLength()).isPositive();
      assertThat(again.stream().layerCount()).isEqualTo(2);
    } catch (UnsupportedModelException e) {
      // A list that was one per layer may be as well one of indices where fewer layers are left.
      assertThat(e).hasMessageContaining("may be one number for each layer or all layers");
    }
  }
}
