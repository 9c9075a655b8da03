package dev.tale.onnx.folder;

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
import java.util.List;
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
            + " | {'num_hidden_layers': 3, 'full_attention_interval': 4, 'layer_types': [1, 3, 4]}",
        // SmolLM3, Llama 4: flags by layer, which an interval gives way to; a longer list is fine
        "{'num_hidden_layers': 4, 'no_rope_layers': [1, 0, 1, 1], 'no_rope_layer_interval': 4}"
            + " | {'num_hidden_layers': 3, 'no_rope_layers': [1, 1, 1],"
            + " 'no_rope_layer_interval': 4}",
        "{'num_hidden_layers': 4, 'no_rope_layers': [1, 1, 1, 0, 1, 0], 'moe_layers': [1, 3],"
            + " 'interleave_moe_layer_step': 2}"
            + " | {'num_hidden_layers': 3, 'no_rope_layers': [1, 1, 0], 'moe_layers': [2],"
            + " 'interleave_moe_layer_step': 2}",
        // SmolLM3 that leaves the list to the reader
        "{'model_type': 'smollm3', 'num_hidden_layers': 4, 'no_rope_layer_interval': 2}"
            + " | {'model_type': 'smollm3', 'num_hidden_layers': 3, 'no_rope_layer_interval': 2,"
            + " 'no_rope_layers': [1, 1, 0]}",
        "{'model_type': 'smollm3', 'num_hidden_layers': 4}"
            + " | {'model_type': 'smollm3', 'num_hidden_layers': 3, 'no_rope_layers': [1, 1, 0]}",
        // OpenELM, Gemma 3n, DeciLM, Nemotron-NAS, MiniMax, MiMo
        "{'num_transformer_layers': 4, 'num_query_heads': [12, 12, 16, 20],"
            + " 'num_kv_heads': [3, 3, 4, 5], 'ffn_multipliers': [0.5, 1.0, 2.25, 4.0]}"
            + " | {'num_transformer_layers': 3, 'num_query_heads': [12, 16, 20],"
            + " 'num_kv_heads': [3, 4, 5], 'ffn_multipliers': [0.5, 2.25, 4.0]}",
        "{'num_hidden_layers': 4, 'intermediate_size': [8, 16, 8, 8],"
            + " 'activation_sparsity_pattern': [0.95, 0.95, 0.0, 0.0]}"
            + " | {'num_hidden_layers': 3, 'intermediate_size': [8, 8, 8],"
            + " 'activation_sparsity_pattern': [0.95, 0.0, 0.0]}",
        "{'num_hidden_layers': 4, 'block_configs': [{'a': 1}, {'a': 2}, {'a': 3}, {'a': null}]}"
            + " | {'num_hidden_layers': 3, 'block_configs': [{'a': 1}, {'a': 3}, {'a': null}]}",
        "{'num_hidden_layers': 4, 'num_key_value_heads_per_layer': [4, 1, 2, 4],"
            + " 'attn_type_list': [0, 1, 0, 1], 'moe_layer_freq': [0, 1, 1, 1]}"
            + " | {'num_hidden_layers': 3, 'num_key_value_heads_per_layer': [4, 2, 4],"
            + " 'attn_type_list': [0, 0, 1], 'moe_layer_freq': [0, 1, 1]}",
        // Nemotron-H, RecurrentGemma, GPT-Neo
        "{'num_hidden_layers': 4, 'hybrid_override_pattern': 'M-M*'}"
            + " | {'num_hidden_layers': 3, 'hybrid_override_pattern': 'MM*'}",
        "{'num_hidden_layers': 4, 'block_types': ['r', 'r', 'a']}"
            + " | {'num_hidden_layers': 3, 'block_types': ['r', 'a', 'r']}",
        "{'num_layers': 4, 'attention_types': [[['global', 'local'], 2]],"
            + " 'attention_layers': ['global', 'local', 'global', 'local']}"
            + " | {'num_layers': 3,"
            + " 'attention_types': [[['global'], 1], [['global'], 1], [['local'], 1]],"
            + " 'attention_layers': ['global', 'global', 'local']}",
        // Reformer, Longformer, and names that nobody knows
        "{'num_hidden_layers': 4, 'attn_layers': ['local', 'lsh', 'lsh', 'local'],"
            + " 'attention_window': [2, 4, 6, 8]}"
            + " | {'num_hidden_layers': 3, 'attn_layers': ['local', 'lsh', 'local'],"
            + " 'attention_window': [2, 6, 8]}",
        "{'num_hidden_layers': 4, 'a': [true, false, true, true], 'b': [null, 1, {}, []],"
            + " 'c': [0, 1, 1, 0], 'd': [0.1, 0.2, 0.3, 0.4], 'e': [1, 2, 3, 4],"
            + " 'f': [-1, 0, 1, 2], 'g_layers': [1, 1, 0, 1], 'h': [[1], [2], [1], [3]]}"
            + " | {'num_hidden_layers': 3, 'a': [true, true, true], 'b': [null, {}, []],"
            + " 'c': [0, 1, 0], 'd': [0.1, 0.3, 0.4], 'e': [1, 3, 4],"
            + " 'f': [-1, 1, 2], 'g_layers': [1, 0, 1], 'h': [[1], [1], [3]]}",
        // Bamba, LFM2, Zamba 2, Llama 3.2 Vision, Qwen mixtures: by index
        "{'num_hidden_layers': 4, 'attn_layer_indices': [1, 2], 'full_attn_idxs': [3],"
            + " 'hybrid_layer_ids': [0, 3], 'cross_attention_layers': [1], 'mlp_only_layers': [2]}"
            + " | {'num_hidden_layers': 3, 'attn_layer_indices': [1], 'full_attn_idxs': [2],"
            + " 'hybrid_layer_ids': [0, 2], 'cross_attention_layers': [], 'mlp_only_layers': [1]}",
        "{'num_hidden_layers': 4, 'mlp_only_layers': [0, 1, 2, 3]}"
            + " | {'num_hidden_layers': 3, 'mlp_only_layers': [0, 1, 2]}",
        "{'num_hidden_layers': 4, 'pruned_heads': {'1': [0], '3': [0, 2]}}"
            + " | {'num_hidden_layers': 3, 'pruned_heads': {'2': [0, 2]}}",
        // Qwen with images: the text model's settings twice
        "{'num_hidden_layers': 4, 'layer_types': [1, 2, 3, 4],"
            + " 'text_config': {'num_hidden_layers': 4, 'layer_types': [1, 2, 3, 4]}}"
            + " | {'num_hidden_layers': 3, 'layer_types': [1, 3, 4],"
            + " 'text_config': {'num_hidden_layers': 3, 'layer_types': [1, 3, 4]}}",
        // Deeper, under any name
        "{'n_layer': 4, 'scales': {'a': [1, 2, 3, 4], 'b': {'c': [[5, 6, 7, 8], [1]]}}}"
            + " | {'n_layer': 3, 'scales': {'a': [1, 3, 4], 'b': {'c': [[5, 7, 8], [1]]}}}",
        "{'n_layer': 4, 'x': [{'a': [1, 2, 3, 4]}, [[4, 3, 2, 1], [7]]]}"
            + " | {'n_layer': 3, 'x': [{'a': [1, 3, 4]}, [[4, 2, 1], [7]]]}",
        "{'n_layer': 4, 'attention': {'layer_types': ['a', 'b', 'c', 'd']}}"
            + " | {'n_layer': 3, 'attention': {'layer_types': ['a', 'c', 'd']}}",
        // Maps by index
        "{'n_layer': 4, 'moe_layers': {'1': 5, '3': 1}} | {'n_layer': 3, 'moe_layers': {'2': 1}}",
        "{'n_layer': 4, 'x': {'heads': {'0': 7, '1': 8, '2': 9, '3': {'y': 1}}}}"
            + " | {'n_layer': 3, 'x': {'heads': {'0': 7, '1': 9, '2': {'y': 1}}}}",
        // Of heads or experts by its name, but there are others than layers
        "{'n_layer': 4, 'n_head': 8, 'head_scales': [1, 2, 3, 4], 'num_experts': 3,"
            + " 'expert_sizes': [1, 2, 3], 'layer_norm_eps_by_stage': [0.1, 0.2]}"
            + " | {'n_layer': 3, 'n_head': 8, 'head_scales': [1, 3, 4], 'num_experts': 3,"
            + " 'expert_sizes': [1, 2, 3], 'layer_norm_eps_by_stage': [0.1, 0.2]}",
        // Modules that were not quantized
        "{'n_layer': 4, 'quantization_config': {'modules_to_not_convert':"
            + " ['lm_head', 'model.layers.1.mlp', 'model.layers.2.mlp', 'transformer.h.3'],"
            + " 'dynamic': {'-:model\\\\.layers\\\\.3\\\\..*': {}, 'layers.1.': {'bits': 8}}}}"
            + " | {'n_layer': 3, 'quantization_config': {'modules_to_not_convert':"
            + " ['lm_head', 'model.layers.1.mlp', 'transformer.h.2'],"
            + " 'dynamic': {'-:model\\\\.layers\\\\.2\\\\..*': {}}}}",
        // Of something else: labels, positions, another model
        "{'n_layer': 4, 'id2label': {'0': 'a', '1': 'b', '2': 'c', '3': 'd'},"
            + " 'rope_scaling': {'short_factor': [1, 2, 3, 4]}, 'buckets': {'1': 2, '1000': 3},"
            + " 'vision_config': {'x': [1, 2, 3, 4]}, 'draft': {'n_layer': 4, 'x': [1, 2, 3, 4]}}"
            + " | {'n_layer': 3, 'id2label': {'0': 'a', '1': 'b', '2': 'c', '3': 'd'},"
            + " 'rope_scaling': {'short_factor': [1, 2, 3, 4]}, 'buckets': {'1': 2, '1000': 3},"
            + " 'vision_config': {'x': [1, 2, 3, 4]}, 'draft': {'n_layer': 4, 'x': [1, 2, 3, 4]}}"
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
        "{'num_hidden_layers': 4, 'layer_types': 'full'} | layer_types has 0 entries",
        "{'num_hidden_layers': 4, 'no_rope_layers': [1, 0]} | no_rope_layers has 2 entries",
        "{'num_hidden_layers': 4, 'ffn_multipliers': [1, 2]} | ffn_multipliers has 2 entries",
        "{'num_hidden_layers': 4, 'mlp_only_layers': [4]} | mlp_only_layers has 4, but the graph has",
        "{'num_hidden_layers': 4, 'attn_layer_indices': [-1]} | attn_layer_indices has -1",
        "{'num_hidden_layers': 4, 'full_attn_idxs': ['1']} | full_attn_idxs has '1'",
        "{'num_layers': 4, 'attention_types': [[['global'], 5]]} | attention_types has 5 entries",
        "{'num_layers': 4, 'attention_types': [2000000000]} | attention_types has 0 entries",
        "{'num_hidden_layers': 4, 'hybrid_override_pattern': 'M-'} | pattern has 2 entries",
        "{'num_hidden_layers': 4, 'moe_layers': [0, 1, 0, 1]} | may be a flag for each",
        "{'num_hidden_layers': 4, 'exit_layers': [2]} | exit_layers is [2], which seems to list",
        "{'num_hidden_layers': 4, 'aux_layer_ids': [-1]} | does not know what it counts",
        "{'num_hidden_layers': 4, 'order': [0, 1, 2, 3]} | one number for each layer or all layers",
        "{'num_hidden_layers': 4, 'order': [3, 1, 0, 2]} | order is [3,1,0,2], which may be",
        "{'num_hidden_layers': 4, 'a': {'order': [3, 1, 0, 2]}} | order is [3,1,0,2], which may be",
        "{'num_hidden_layers': 4, 'a': [[[0, 1, 2, 3], 1]]} | a is [0,1,2,3], which may be",
        "{'num_hidden_layers': 4, 'a': {'moe_layers': [4]}} | moe_layers has 4, but the graph has",
        "{'num_hidden_layers': 4, 'moe_layers': {'4': 1}} | moe_layers speaks of layer 4",
        "{'num_hidden_layers': 4, 'a': {'b': {'1': 1, '3': 2}}} | b is {'1':1,'3':2}, which may",
        "{'num_hidden_layers': 4, 'a': [[1,2,3,4],[1,2,3,4],[1,2,3,4],[1,2,3,4]]} | may be a list",
        "{'num_hidden_layers': 4, 'layer_list': [1, 3]} | layer_list is [1,3], which seems to list",
        "{'num_hidden_layers': 4, 'skip_blocks': [2]} | skip_blocks is [2], which seems to list",
        "{'num_hidden_layers': 4, 'block_sizes': [2, 2]} | block_sizes is [2,2], which seems to",
        "{'num_hidden_layers': 4, 'frozen': ['layer_1', 'layer.3']} | which seems to list layers",
        "{'num_hidden_layers': 4, 'a': {'01': 1, '03': 2}} | may speak of layers by their index",
        "{'num_hidden_layers': 4, 'a': {'layer_3': 2}} | may speak of layers by their index",
        "{'num_hidden_layers': 4, 'image_layers': {'1': 1}, 'image_map': {'3': 2}} | image_map is",
        "{'num_hidden_layers': 4, 'num_experts': 4, 'expert_sizes': [1, 2, 3, 4]} | each expert",
        "{'num_hidden_layers': 4, 'n_head': 4, 'head_scales': [1.5, 2, 3, 4]} | or for each head",
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
        .hasMessageContainingAll(
            directory.resolve("config.json").toString(), reason.replace('\'', '"'));
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

  /** What is not known to speak of one part of layers stays if it says the same of all. */
  @Test
  void adjust_refusesListsOfWholeLayersWherePartsAreTheUnit() throws IOException {
    KeptLayers kept = KeptLayers.of(Granularity.SUBLAYER, LayerMask.none(8));
    for (String list :
        List.of(
            "'a': [1, 0, 1, 1]",
            "'block_configs': [1, 2, 3, 4]",
            "'a': {'layers': {'0': 1, '1': 0}}",
            "'not_quantized': ['model.layers.1.mlp']",
            "'a': {'model.layers.1.mlp': 1}")) {
      ObjectNode config = json("{'num_hidden_layers': 4, " + list + "}");
      assertThatThrownBy(() -> adjusted(config, kept))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("removed as a whole");
    }
    ObjectNode same = json("{'num_hidden_layers': 4, 'a': [1, 1, 1, 1]}");
    assertThat(adjusted(same, KeptLayers.of(Granularity.SUBLAYER, LayerMask.of(8, 2))))
        .isEqualTo(json("{'num_hidden_layers': 3, 'a': [1, 1, 1]}"));
  }

  @Test
  void adjust_renumbersTheLayersOfEachPart() throws IOException {
    // Attention of layers 1 and 2, feed-forward of layers 2 and 3.
    KeptLayers kept = KeptLayers.of(Granularity.SUBLAYER, LayerMask.of(8, 2, 4, 5, 7));
    ObjectNode config =
        json(
            "{'num_hidden_layers': 4, 'attn_layer_indices': [1, 3], 'mlp_only_layers': [1, 3],"
                + " 'no_rope_layers': [1, 1, 1, 0], 'ffn_multipliers': [1, 2, 3, 4]}");
    assertThat(adjusted(config, kept))
        .isEqualTo(
            json(
                "{'num_hidden_layers': 2, 'attn_layer_indices': [1], 'mlp_only_layers': [1],"
                    + " 'no_rope_layers': [1, 0], 'ffn_multipliers': [1, 2]}"));
  }

  @Test
  void adjust_leavesListsOfAModelOfOneLayer() throws IOException {
    KeptLayers kept = KeptLayers.of(Granularity.LAYER, LayerMask.none(1));
    ObjectNode config = json("{'num_hidden_layers': 1, 'heads': [7]}");
    assertThat(adjusted(config, kept)).isEqualTo(config);
  }

  /** Which layers it means differs between versions of transformers. */
  @Test
  void refusesLayersThatGenerationContrasts() throws IOException {
    Path file = directory.resolve("generation_config.json");
    Files.writeString(file, "{\"dola_layers\": [0, 2]}");
    SideFile read = SideFile.read(file);
    assertThatThrownBy(() -> ConfigFile.refuseLayersOf(read))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(file.toString(), "dola_layers is [0,2]", "\"high\"");
    Files.writeString(file, "{\"dola_layers\": \"low\"}");
    ConfigFile.refuseLayersOf(SideFile.read(file));
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
