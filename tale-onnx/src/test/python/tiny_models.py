"""Writes the tiny random models of the graph tests, with logits that PyTorch computes for them.

tiny-qwen2: TorchScript exporter of optimum-onnx, tied embeddings, biases, KV cache.
tiny-llama-dynamo: dynamo exporter of PyTorch, KV cache.
A mask of logits.json is a model whose layers were really deleted.
"""

import argparse
import json
import pathlib
import tempfile

import numpy as np
import onnx
import torch
from optimum.exporters.onnx import main_export
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM
from transformers.cache_utils import DynamicCache

import export_model

LAYERS, HEADS, HEAD_SIZE, VOCABULARY = 3, 2, 8, 40
MASKS = [[], [0], [1], [2], [0, 2], [1, 2]]
SHAPE = dict(vocab_size=VOCABULARY, hidden_size=32, intermediate_size=48, num_hidden_layers=LAYERS,
             num_attention_heads=4, num_key_value_heads=HEADS, max_position_embeddings=64)


def model(kind, layers=LAYERS):
    torch.manual_seed(0)
    config = dict(SHAPE, num_hidden_layers=layers)
    if kind == "tiny-qwen2":
        result = Qwen2ForCausalLM(Qwen2Config(**config, tie_word_embeddings=True))
    else:
        result = LlamaForCausalLM(LlamaConfig(**config))
    for parameter in result.parameters():  # as large as trained ones, and no two alike
        torch.nn.init.normal_(parameter, float(parameter.dim() == 1), 0.3)
    return result.eval()


def without_layers(kind, removed):
    """A model that never had the removed layers."""
    whole = model(kind)
    kept = [i for i in range(LAYERS) if i not in removed]
    smaller = model(kind, len(kept))
    smaller.model.embed_tokens = whole.model.embed_tokens
    smaller.model.norm = whole.model.norm
    smaller.lm_head = whole.lm_head
    for place, layer in enumerate(kept):
        smaller.model.layers[place].load_state_dict(whole.model.layers[layer].state_dict())
    return smaller


class WithCache(torch.nn.Module):
    """The model with its cache as plain tensors in and out."""

    def __init__(self, wrapped):
        super().__init__()
        self.wrapped = wrapped

    def forward(self, input_ids, attention_mask, position_ids, *past):
        cache = DynamicCache()
        for layer in range(LAYERS):
            cache.update(past[2 * layer], past[2 * layer + 1], layer)
        output = self.wrapped(input_ids=input_ids, attention_mask=attention_mask,
                              position_ids=position_ids, past_key_values=cache, use_cache=True)
        layers = output.past_key_values.layers
        return (output.logits, *(t for layer in layers for t in (layer.keys, layer.values)))


def cache_names(prefix):
    return [f"{prefix}.{i}.{part}" for i in range(LAYERS) for part in ("key", "value")]


def export_dynamo(path):
    batch, length, past = 2, 5, 3
    arguments = (torch.randint(0, VOCABULARY, (batch, length)),
                 torch.ones(batch, past + length, dtype=torch.long),
                 torch.arange(past, past + length)[None].expand(batch, length).contiguous(),
                 *(torch.randn(batch, HEADS, past, HEAD_SIZE) for _ in range(2 * LAYERS)))
    any_size = torch.export.Dim.DYNAMIC
    two = {0: any_size, 1: any_size}
    torch.onnx.export(WithCache(model("tiny-llama-dynamo")), arguments, str(path), dynamo=True,
                      input_names=["input_ids", "attention_mask", "position_ids"] + cache_names("past_key_values"),
                      output_names=["logits"] + cache_names("present"), external_data=False, verbose=False,
                      dynamic_shapes=(two, two, two, tuple({0: any_size, 2: any_size} for _ in range(2 * LAYERS))))


def export_torchscript(path):
    with tempfile.TemporaryDirectory() as scratch:
        model("tiny-qwen2").save_pretrained(f"{scratch}/model")
        main_export(f"{scratch}/model", f"{scratch}/onnx", task="text-generation-with-past",
                    device="cpu", library_name="transformers", do_validation=False)
        onnx.save(onnx.load(f"{scratch}/onnx/model.onnx"), str(path))


@torch.no_grad()
def dump(kind, directory):
    """logits.bin is [mask, row, position, vocabulary], little-endian float32."""
    ids = np.random.default_rng(1).integers(0, VOCABULARY, (2, 9))
    values = [without_layers(kind, mask)(input_ids=torch.tensor(ids), use_cache=False).logits.numpy()
              for mask in MASKS]
    np.asarray(values, dtype="<f4").tofile(directory / "logits.bin")
    description = {"masks": MASKS, "token_ids": ids.tolist()}
    (directory / "logits.json").write_text(json.dumps(description) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, required=True, help="the directory models/")
    output = parser.parse_args().output
    for kind, export in (("tiny-qwen2", export_torchscript), ("tiny-llama-dynamo", export_dynamo)):
        directory = output / kind
        directory.mkdir(parents=True, exist_ok=True)
        export(directory / "model.onnx")
        graph = onnx.load(str(directory / "model.onnx"))
        export_model.strip(graph)
        onnx.save(graph, str(directory / "model.onnx"))
        dump(kind, directory)


if __name__ == "__main__":
    main()
