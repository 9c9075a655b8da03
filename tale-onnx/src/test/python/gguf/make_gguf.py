"""GGUF files of tiny random models, with the logits of transformers and the tokens of llama.cpp; blocks of every type.

    python make_gguf.py --out ../../resources/models/gguf

Needs torch, transformers, gguf, tokenizers, sentencepiece and llama_cpp_python; no network. blocks.json has, by type,
random bytes and the float32 numbers that the gguf package dequantizes them to, both in hexadecimal. Beside each model
NAME.gguf, NAME.json has the logits after the last two tokens of each prompt with layers deleted, computed by
transformers from the dequantized weights, and the tokens of texts by llama.cpp.
"""

import argparse
import copy
import io
import json
import math
import pathlib
import random

import gguf
import llama_cpp
import numpy as np
import sentencepiece
import torch
from gguf import GGMLQuantizationType as T
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config,
                          Qwen3ForCausalLM)

TYPES = [T.F32, T.F16, T.BF16, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0, T.Q2_K, T.Q3_K, T.Q4_K, T.Q5_K, T.Q6_K]
MASKS = [[], [0], [1], [2], [0, 2]]
LAYERS = 3
SIZES = dict(vocab_size=384, hidden_size=32, intermediate_size=64, num_hidden_layers=LAYERS, num_attention_heads=2,
             num_key_value_heads=1, max_position_embeddings=128, initializer_range=0.3, bos_token_id=1, eos_token_id=2)
LLAMA3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=8192)
MODELS = {
    "llama": (LlamaForCausalLM, LlamaConfig(**SIZES, rope_theta=5e5, rope_scaling=LLAMA3), "spm", None),
    "llama-smollm": (LlamaForCausalLM, LlamaConfig(**SIZES, tie_word_embeddings=True), "gpt2", "smollm"),
    "llama-bpe": (LlamaForCausalLM, LlamaConfig(**SIZES, rope_scaling=dict(rope_type="linear", factor=2.0)), "gpt2",
                  "llama-bpe"),
    "qwen2": (Qwen2ForCausalLM, Qwen2Config(**SIZES, tie_word_embeddings=True), "gpt2", "qwen2"),
    "qwen3": (Qwen3ForCausalLM, Qwen3Config(**SIZES, head_dim=32), "gpt2", "gpt-2"),
}
QUANTIZED = {"attn_q": T.Q4_0, "attn_k": T.Q8_0, "attn_v": T.Q5_1, "attn_output": T.Q5_0, "ffn_up": T.Q4_1,
             "token_embd": T.F16, "output": T.BF16}
NAMES = {"input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
         "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm",
         "self_attn.k_norm": "attn_k_norm", "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate",
         "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}
CORPUS = ["the quick brown fox jumps over the lazy dog", "what is the capital of France? Paris, of course.",
          "in 1984 there were 12345 ways to count to 10", "it's, we'll, don't, they're, I'd", "Hello world, hello there",
          "def f(x):\n    return x + 1\n\n", "not True and False or ( True and not False ) is", "naïve café, über"] * 4
TEXTS = CORPUS[:8] + ["", " ", "  two spaces", "a\n\n\nb\r\nc\t\td", "x" * 40, "日本語と한국어", "😀👍🏽", "3.14159 2,718",
                      "<|im_start|>user\nhi<|im_end|>\n", "don'T WE'LL", "end ", "\n", "ﬁne ﬂow", "é e\u0301",
                      "(((:::---)))", "1234567890", "½ ² ٣", "a_b-c.d", "tabs\tand spaces  ", "\u00a0nbsp", "zz\u200bzz"]


def blocks():
    rng = np.random.default_rng(16)
    out = {}
    for kind in TYPES:
        length, size = gguf.GGML_QUANT_SIZES[kind]
        count = 2 if length > 1 else 64
        data = rng.integers(0, 256, (1, count * size), dtype=np.uint8)
        if kind not in (T.F32, T.F16, T.BF16):
            finite(kind, data.reshape(count, size), rng)
        with np.errstate(all="ignore"):
            floats = gguf.quants.dequantize(data, kind).astype(np.float32).reshape(-1)
        out[kind.name] = dict(bytes=data.tobytes().hex(), floats=floats.tobytes().hex())
    return out


SCALES = {T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q2_K: [80, 82], T.Q3_K: [108],
          T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208]}


def finite(kind, data, rng):
    """Scales as models have them; the first block's is subnormal."""
    for row, block in enumerate(data):
        for at in SCALES[kind]:
            value = np.float16(3e-6 if row == 0 else rng.uniform(-0.2, 0.2))
            block[at:at + 2] = np.frombuffer(value.tobytes(), dtype=np.uint8)


def spm():
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=file, vocab_size=384, model_type="bpe", byte_fallback=True,
        hard_vocab_limit=False, normalization_rule_name="identity", remove_extra_whitespaces=False,
        user_defined_symbols=["<|im_start|>", "<|im_end|>"])
    model = sentencepiece.SentencePieceProcessor(model_proto=file.getvalue())
    ids = range(model.get_piece_size())
    types = [gguf.TokenType.UNKNOWN if model.is_unknown(i) else gguf.TokenType.CONTROL if model.is_control(i)
             else gguf.TokenType.BYTE if model.is_byte(i)
             else gguf.TokenType.USER_DEFINED if model.id_to_piece(i).startswith("<|") else gguf.TokenType.NORMAL
             for i in ids]
    tokens, scores = [model.id_to_piece(i) for i in ids], [model.get_score(i) for i in ids]
    for spare in range(len(tokens), SIZES["vocab_size"]):
        tokens.append(f"<unused{spare}>")
        scores.append(-1e9)
        types.append(gguf.TokenType.UNUSED)
    return tokens, scores, types


def bpe():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=380, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"]))
    settings = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(settings["vocab"], key=settings["vocab"].get)
    types = [gguf.TokenType.CONTROL if i < 3 else gguf.TokenType.NORMAL for i in range(len(tokens))]
    return tokens, [" ".join(merge) for merge in settings["merges"]], types


def name(parameter):
    fixed = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
             "lm_head.weight": "output.weight"}
    if parameter in fixed:
        return fixed[parameter]
    _, _, layer, rest = parameter.split(".", 3)
    part, kind = rest.rsplit(".", 1)
    return f"blk.{layer}.{NAMES[part]}.{kind}"


def permuted(weight, heads):
    """Rows as converters store those of queries and keys for architecture llama."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(weight.shape)


def rope_factors(config):
    """Divisors of frequencies, as the converter of llama.cpp computes them."""
    scaling, size = config.rope_scaling, config.hidden_size // config.num_attention_heads
    factors = []
    for pair in range(size // 2):
        wavelength = 2 * math.pi * config.rope_theta ** (2 * pair / size)
        low = scaling["original_max_position_embeddings"] / scaling["low_freq_factor"]
        high = scaling["original_max_position_embeddings"] / scaling["high_freq_factor"]
        if wavelength < high:
            factors.append(1.0)
        elif wavelength > low:
            factors.append(scaling["factor"])
        else:
            smooth = ((scaling["original_max_position_embeddings"] / wavelength - scaling["low_freq_factor"])
                      / (scaling["high_freq_factor"] - scaling["low_freq_factor"]))
            factors.append(1 / ((1 - smooth) / scaling["factor"] + smooth))
    return np.array(factors, dtype=np.float32)


def write(path, model, config, kind, pre):
    """Writes the file, and puts the dequantized numbers into the model."""
    arch = config.model_type
    writer = gguf.GGUFWriter(path, arch)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_theta)
    if arch == "qwen3":
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
    scaling = config.rope_scaling or {}
    if scaling.get("rope_type") == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(scaling["factor"])
    # Of no consequence, but types and lists that files may have.
    writer.add_array("tale_test.per_layer", [1, 2, 3])
    writer.add_array(f"{arch}.tale_test_per_layer", [10, 20, 30])
    writer.add_int8("tale_test.int8", -3)
    writer.add_uint16("tale_test.uint16", 65535)
    writer.add_float64("tale_test.float64", 0.1)
    tokens(writer, kind, pre)
    if scaling.get("rope_type") == "llama3":
        writer.add_tensor("rope_freqs.weight", rope_factors(config))
    heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}
    for parameter, value in model.named_parameters():
        tensor = name(parameter)
        part = tensor.split(".")[-2]
        data = value.detach().numpy().copy()
        if arch == "llama" and part in heads:
            data = permuted(data, heads[part])
        type = QUANTIZED.get(part, T.F32) if arch == "llama" and data.ndim == 2 else T.F32
        stored = gguf.quants.quantize(data, type)
        writer.add_tensor(tensor, stored, raw_dtype=type)
        numbers = gguf.quants.dequantize(stored, type).astype(np.float32)
        if arch == "llama" and part in heads:
            rows = numbers.shape[0] // heads[part] // 2
            numbers = numbers.reshape(heads[part], rows, 2, -1).swapaxes(1, 2).reshape(numbers.shape)
        with torch.no_grad():
            value.copy_(torch.from_numpy(np.ascontiguousarray(numbers)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tokens(writer, kind, pre):
    if kind == "spm":
        texts, scores, types = spm()
        writer.add_tokenizer_model("llama")
        writer.add_token_scores(scores)
    else:
        texts, merges, types = bpe()
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(pre)
        writer.add_token_merges(merges)
        writer.add_add_bos_token(pre == "qwen2")
    writer.add_token_list(texts)
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template("{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
                             "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")


def logits(model, removed, prompt):
    cut = copy.deepcopy(model)
    for layer in sorted(removed, reverse=True):
        del cut.model.layers[layer]
    cut.config.num_hidden_layers = len(cut.model.layers)
    with torch.no_grad():
        rows = cut(torch.tensor([prompt]), use_cache=False).logits[0, -2:].tolist()
        return [[float(f"{value:.7g}") for value in row] for row in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    (out / "blocks.json").write_text(json.dumps(blocks(), indent=1) + "\n")
    for number, (which, (kind, config, tokenizer, pre)) in enumerate(MODELS.items()):
        torch.manual_seed(number)
        random.seed(number)
        model = kind(config).eval()
        for parameter, value in model.named_parameters():
            if "norm" in parameter or parameter.endswith("bias"):
                torch.nn.init.normal_(value, 1.0 if "norm" in parameter else 0.0, 0.3)
        path = out / f"{which}.gguf"
        write(path, model, config, tokenizer, pre)
        vocabulary = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
        texts = [[text, vocabulary.tokenize(text.encode(), add_bos=True, special=True)] for text in TEXTS]
        prompts = [torch.randint(3, 300, (length,)).tolist() for length in (2, 9)]
        masks = [dict(removed=mask, logits=[logits(model, mask, prompt) for prompt in prompts]) for mask in MASKS]
        expected = json.dumps(dict(prompts=prompts, masks=masks, texts=texts))
        (out / f"{which}.json").write_text(expected.replace("}, {", "},\n{") + "\n")
        print(which, path.stat().st_size)


if __name__ == "__main__":
    main()
