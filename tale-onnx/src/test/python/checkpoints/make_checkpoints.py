"""Tiny random Hugging Face folders, each with the logits that transformers gives with layers deleted.

    python make_checkpoints.py --out ../../resources/models/checkpoints

Needs torch, transformers and safetensors; no network. expected.json holds, for each mask, the layers
that were deleted and the logits after the last two tokens of each prompt, in float32.
"""

import argparse
import copy
import json
import pathlib
import shutil

import torch
from transformers import (GraniteConfig, GraniteForCausalLM, Olmo2Config, Olmo2ForCausalLM, Phi3Config, Phi3ForCausalLM,
                          LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM, Qwen2Config,
                          Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM, SmolLM3Config, SmolLM3ForCausalLM)

LAYERS = 3
SIZES = dict(vocab_size=64, hidden_size=32, intermediate_size=40, num_hidden_layers=LAYERS, num_attention_heads=2,
             num_key_value_heads=1, max_position_embeddings=128, initializer_range=0.3, bos_token_id=1, eos_token_id=2,
             pad_token_id=None)
MASKS = [[], [0], [1], [2], [0, 2]]
LLAMA3 = dict(rope_type="llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=32)

MODELS = {
    "llama": (LlamaForCausalLM, LlamaConfig(**SIZES, rope_theta=500.0, rope_scaling=LLAMA3)),
    "llama-tied-biased": (LlamaForCausalLM, LlamaConfig(**SIZES, tie_word_embeddings=True, attention_bias=True, mlp_bias=True,
                                                        rope_scaling=dict(rope_type="linear", factor=2.0))),
    "llama-bf16-shards": (LlamaForCausalLM, LlamaConfig(**SIZES)),
    "llama-f16": (LlamaForCausalLM, LlamaConfig(**SIZES)),
    "mistral-window": (MistralForCausalLM, MistralConfig(**SIZES, sliding_window=3)),
    "qwen2": (Qwen2ForCausalLM, Qwen2Config(**SIZES, tie_word_embeddings=True)),
    "qwen2-window": (Qwen2ForCausalLM, Qwen2Config(**SIZES, use_sliding_window=True, sliding_window=4, max_window_layers=1)),
    "qwen3": (Qwen3ForCausalLM, Qwen3Config(**SIZES, head_dim=32)),
    "smollm3": (SmolLM3ForCausalLM, SmolLM3Config(**SIZES, no_rope_layers=[1, 0, 1])),
    "granite": (GraniteForCausalLM, GraniteConfig(**SIZES, embedding_multiplier=1.5, attention_multiplier=0.3,
                                                  residual_multiplier=0.7, logits_scaling=2.0)),
    "olmo2": (Olmo2ForCausalLM, Olmo2Config(**SIZES)),
    "phi3": (Phi3ForCausalLM, Phi3Config(**{**SIZES, "pad_token_id": 0}, sliding_window=4)),
}


def logits(model, removed, prompt):
    cut = copy.deepcopy(model)
    for layer in sorted(removed, reverse=True):
        del cut.model.layers[layer]
    cut.config.num_hidden_layers = len(cut.model.layers)
    with torch.no_grad():
        return cut(torch.tensor([prompt]), use_cache=False).logits[0, -2:].tolist()


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    out = arguments.parse_args().out
    for number, (name, (kind, config)) in enumerate(MODELS.items()):
        torch.manual_seed(number)
        model = kind(config).eval()
        for parameter, value in model.named_parameters():
            if "norm" in parameter or parameter.endswith("bias"):
                torch.nn.init.normal_(value, 1.0 if "norm" in parameter else 0.0, 0.3)
        dtype = torch.bfloat16 if "bf16" in name else torch.float16 if "f16" in name else torch.float32
        shutil.rmtree(out / name, ignore_errors=True)
        shards = dict(max_shard_size="24KB") if "shards" in name else {}
        model.to(dtype).save_pretrained(out / name, **shards)
        model = kind.from_pretrained(out / name, dtype=torch.float32).eval()  # as stored, computed in float32
        prompts = [torch.randint(3, 64, (length,)).tolist() for length in (2, 9)]
        expected = [dict(removed=mask, logits=[logits(model, mask, prompt) for prompt in prompts]) for mask in MASKS]
        (out / name / "expected.json").write_text(json.dumps(dict(prompts=prompts, masks=expected),
                                                              default=float).replace("}, {", "},\n{"))
        print(name, sorted(file.name for file in (out / name).iterdir()))


if __name__ == "__main__":
    main()
