package dev.tale.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  /** Four layers without the second. */
  private static final KeptLayers KEPT = KeptLayers.of(Granularity.LAYER, LayerMask.of(4, 1));

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  /** The settings that speak of layers, as each family writes them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // LLaMA, Lucie, Phi-3, GPT-NeoX, BERT
        "{'num_hidden_layers': 4} | {'num_hidden_layers': 3}",
        // GPT-2
        "{'model_type': 'gpt2', 'n_layer': 4, 'scale_attn_by_inverse_layer_idx': false}"
            + " | {'model_type': 'gpt2', 'n_layer': 3, 'scale_attn_by_inverse_layer_idx': false}",
        // Qwen 2.5, Qwen 3: the threshold does not count without use_sliding_window
        "{'num_hidden_layers': 4, 'max_window_layers': 28, 'sliding_window': null,"
            + " 'use_sliding_window': false, 'layer_types': ['a', 'b', 'c', 'd']}"
            + " | {'num_hidden_layers': 3, 'max_window_layers': 28, 'sliding_window': null,"
            + " 'use_sliding_window': false, 'layer_types': ['a', 'c', 'd']}",
        "{'num_hidden_layers': 4, 'max_window_layers': 3, 'use_sliding_window': true}"
            + " | {'num_hidden_layers': 3, 'max_window_layers': 2, 'use_sliding_window': true}",
        "{'num_hidden_layers': 4, 'max_window_layers': 1, 'use_sliding_window': true}"
            + " | {'num_hidden_layers': 3, 'max_window_layers': 1, 'use_sliding_window': true}",
        // Mistral: one window for all
        "{'num_hidden_layers': 4, 'sliding_window': 6}"
            + " | {'num_hidden_layers': 3, 'sliding_window': 6}",
        // Gemma 2 of older versions says nothing of the layers that alternate
        "{'model_type': 'gemma2', 'num_hidden_layers': 4, 'sliding_window': 6}"
            + " | {'model_type': 'gemma2', 'num_hidden_layers': 3, 'sliding_window': 6,"
            + " 'layer_types': ['sliding_attention', 'sliding_attention', 'full_attention']}",
        // Gemma 3
        "{'model_type': 'gemma3_text', 'num_hidden_layers': 4, 'sliding_window': 6,"
            + " 'sliding_window_pattern': 3}"
            + " | {'model_type': 'gemma3_text', 'num_hidden_layers': 3, 'sliding_window': 6,"
            + " 'sliding_window_pattern': 3,"
            + " 'layer_types': ['sliding_attention', 'full_attention', 'sliding_attention']}",
        "{'num_hidden_layers': 4, 'sliding_window': 6, '_sliding_window_pattern': 2,"
            + " 'layer_types': ['w', 'x', 'y', 'z']}"
            + " | {'num_hidden_layers': 3, 'sliding_window': 6, '_sliding_window_pattern': 2,"
            + " 'layer_types': ['w', 'y', 'z']}",
        // Gemma 3 with images
        "{'text_config': {'num_hidden_layers': 4, 'layer_types': [1, 2, 3, 4]}}"
            + " | {'text_config': {'num_hidden_layers': 3, 'layer_types': [1, 3, 4]}}",
        // mixtures in every layer
        "{'num_hidden_layers': 4, 'mlp_only_layers': [], 'decoder_sparse_step': 1,"
            + " 'mlp_layer_types': ['sparse', 'sparse', 'sparse', 'sparse']}"
            + " | {'num_hidden_layers': 3, 'mlp_only_layers': [], 'decoder_sparse_step': 1,"
            + " 'mlp_layer_types': ['sparse', 'sparse', 'sparse']}",
        // the same for all layers
        "{'num_hidden_layers': 4, 'no_rope_layers': [1, 1, 1, 1]}"
            + " | {'num_hidden_layers': 3, 'no_rope_layers': [1, 1, 1]}",
        "{'num_hidden_layers': 4, 'no_rope_layers': [], 'num_kv_shared_layers': 0}"
            + " | {'num_hidden_layers': 3, 'no_rope_layers': [], 'num_kv_shared_layers': 0}",
        // unknown lists: the same for all layers, of another length, of something else
        "{'num_hidden_layers': 4, 'num_kv_heads_of': [2, 2, 2, 2], 'conv_kernel': [1, 2, 3]}"
            + " | {'num_hidden_layers': 3, 'num_kv_heads_of': [2, 2, 2], 'conv_kernel': [1, 2, 3]}",
        "{'num_hidden_layers': 4, 'architectures': ['a', 'b', 'c', 'd'],"
            + " 'eos_token_id': [1, 2, 3, 4], 'suppress_tokens': [1, 2, 3, 4]}"
            + " | {'num_hidden_layers': 3, 'architectures': ['a', 'b', 'c', 'd'],"
            + " 'eos_token_id': [1, 2, 3, 4], 'suppress_tokens': [1, 2, 3, 4]}",
        "{'num_hidden_layers': 4, 'full_attention_interval': 4, 'layer_types': [1, 2, 3, 4]}"
            + " | {'num_hidden_layers': 3, 'full_attention_interval': 4, 'layer_types': [1, 3, 4]}"
      })
  void adjust_families(String before, String after) throws IOException {
    assertThat(adjusted(json(before), KEPT)).isEqualTo(json(after));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | has none of [num_hidden_layers",
        "{'num_hidden_layers': 5} | num_hidden_layers is 5, but the graph has 4",
        "{'num_hidden_layers': 4, 'layer_types': ['a']} | layer_types has 1 entries",
        "{'num_hidden_layers': 4, 'no_rope_layers': [1, 0, 1, 1]} | no_rope_layers is [1,0,1,1]",
        "{'num_hidden_layers': 4, 'ffn_multipliers': [1, 2, 2, 2]} | ffn_multipliers is [1,2,2,2]",
        "{'num_hidden_layers': 4, 'mlp_only_layers': [0]} | mlp_only_layers is [0]",
        "{'num_hidden_layers': 4, 'cross_attention_layers': [2]} | cross_attention_layers is [2]",
        "{'num_hidden_layers': 4, 'attn_layer_indices': [2]} | attn_layer_indices is [2]",
        "{'num_layers': 4, 'attention_types': [[['global'], 4]]} | attention_types is",
        "{'num_hidden_layers': 4, 'num_kv_shared_layers': 2} | num_kv_shared_layers is 2",
        "{'num_hidden_layers': 4, 'first_k_dense_replace': 1} | first_k_dense_replace is 1",
        "{'num_hidden_layers': 4, 'decoder_sparse_step': 2} | decoder_sparse_step is 2",
        "{'num_hidden_layers': 4, 'no_rope_layer_interval': 4} | no_rope_layer_interval is 4",
        "{'num_hidden_layers': 4, 'full_attention_interval': 4} | full_attention_interval is 4",
        "{'num_hidden_layers': 4, 'global_attn_every_n_layers': 3} | every_n_layers is 3",
        "{'num_hidden_layers': 4, 'sliding_window_pattern': 'LLLG'} | pattern is"
      })
  void adjust_refusesWhatRemovalWouldBreak(String config, String reason) throws IOException {
    assertThatThrownBy(() -> adjusted(json(config), KEPT))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(directory.resolve("config.json").toString(), reason);
  }

  /** Before a search: most of what it tries would change what a layer's place says. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'num_hidden_layers': 4, 'decoder_sparse_step': 2}",
        "{'num_hidden_layers': 4, 'full_attention_interval': 4}",
        "{'num_hidden_layers': 4, 'sliding_window': 6, 'sliding_window_pattern': 'LLLG'}"
      })
  void adjust_refusesIntervalsWhateverIsRemoved(String config) {
    for (int[] removed : new int[][] {{}, {3}, {1, 2}}) {
      KeptLayers kept = KeptLayers.of(Granularity.LAYER, LayerMask.of(4, removed));
      assertThatThrownBy(() -> adjusted(json(config), kept))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContainingAll("differ by their place", "delete the setting");
    }
  }

  /** Numbers are spelled out for those masks that need it. */
  @ParameterizedTest
  @ValueSource(strings = {"6", "null"})
  void adjust_leavesWindowPatternsOfTheWholeModel(String window) throws IOException {
    ObjectNode config =
        json(
            "{'num_hidden_layers': 4, 'sliding_window': "
                + window
                + ", 'sliding_window_pattern': 3}");
    assertThat(adjusted(config, KeptLayers.of(Granularity.LAYER, LayerMask.none(4))))
        .isEqualTo(config);
  }

  @Test
  void adjust_countsCachesWherePartsAreRemoved() throws IOException {
    // Attention of layers 1 and 2, feed-forward of layers 2 and 3.
    KeptLayers kept = KeptLayers.of(Granularity.SUBLAYER, LayerMask.of(8, 2, 4, 5, 7));
    ObjectNode config =
        json(
            "{'num_hidden_layers': 4, 'layer_types': [0, 1, 2, 3], 'mlp_layer_types': [0, 1, 2, 3]}");
    assertThat(adjusted(config, kept))
        .isEqualTo(
            json("{'num_hidden_layers': 2, 'layer_types': [0, 3], 'mlp_layer_types': [0, 1]}"));
    assertThat(kept.areWhole()).isFalse();
    assertThat(kept.others(kept.attention())).containsExactly(1, 2);
  }

  @Test
  void adjust_leavesListsOfAModelOfOneLayer() throws IOException {
    KeptLayers kept = KeptLayers.of(Granularity.LAYER, LayerMask.none(1));
    ObjectNode config = json("{'num_hidden_layers': 1, 'heads': [7]}");
    assertThat(adjusted(config, kept)).isEqualTo(config);
  }

  @Test
  void adjusted_countsFilesForTransformersJs() throws IOException {
    assertThat(files("true", 3).intValue()).isEqualTo(3);
    assertThat(files("2", 1).intValue()).isEqualTo(1);
    assertThat(files("2", 0).intValue()).isZero();
    assertThat(files("{'model.onnx': 3, 'model_fp16.onnx': 1, 'model': 4}", 2))
        .isEqualTo(json("{'model.onnx': 2}"));
    assertThat(adjusted(json("{'num_hidden_layers': 4}"), KEPT).has("transformers.js_config"))
        .isFalse();
  }

  private JsonNode files(String format, int weightFiles) throws IOException {
    ObjectNode config =
        json(
            "{'num_hidden_layers': 4, 'transformers.js_config': {'use_external_data_format': "
                + format
                + "}}");
    Path file = write(config);
    return ConfigFile.adjusted(SideFile.read(file), KEPT, "model.onnx", weightFiles)
        .at("/transformers.js_config/use_external_data_format");
  }

  private ObjectNode adjusted(ObjectNode config, KeptLayers kept) throws IOException {
    ObjectNode adjusted = ConfigFile.adjusted(SideFile.read(write(config)), kept, "model.onnx", 0);
    return (ObjectNode) JSON.readTree(JsonFile.bytes(adjusted));
  }

  private Path write(ObjectNode config) throws IOException {
    return Files.writeString(directory.resolve("config.json"), config.toString());
  }

  private static ObjectNode json(String text) throws IOException {
    return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
  }
}
