"""Writes models/streams: small models whose residual stream is not [batch, sequence, width] at every node, or wider than
the embedding's rows, and what PyTorch computes for each with layers deleted or parts removed.
"""

import argparse
import json
import logging
import pathlib
import shutil
import tempfile
import types
import warnings

import onnx
import torch
from optimum.exporters.onnx import main_export
from transformers import ElectraConfig, ElectraModel, OPTConfig, OPTForCausalLM

import expected
import tiny_tokenizer
from families import POSITIONS, TOKENS, Family
from fixtures import copy_settings, save_single

VOCABULARY, WIDTH, EMBEDDED, INNER, HEADS, LAYERS = tiny_tokenizer.VOCABULARY, 16, 8, 24, 2, 4


def opt(layers):
    """OPT, whose feed-forward parts work on a matrix of rows, with the projections of OPT-350m in and out."""
    return OPTConfig(vocab_size=VOCABULARY, hidden_size=WIDTH, ffn_dim=INNER, num_hidden_layers=layers, dropout=0.0,
                     num_attention_heads=HEADS, max_position_embeddings=POSITIONS, word_embed_proj_dim=EMBEDDED, **TOKENS)


def electra(layers):
    """BERT with a projection after the embedding."""
    return ElectraConfig(vocab_size=VOCABULARY, hidden_size=WIDTH, embedding_size=EMBEDDED, intermediate_size=INNER,
                         num_hidden_layers=layers, num_attention_heads=HEADS, max_position_embeddings=POSITIONS,
                         pad_token_id=tiny_tokenizer.PAD)


class Layer(torch.nn.Module):
    """Attention and feed-forward with a norm before each; positions are mixed in [batch, heads, sequence, size]."""

    def __init__(self):
        super().__init__()
        self.norm, self.norm2 = torch.nn.LayerNorm(WIDTH), torch.nn.LayerNorm(WIDTH)
        self.query, self.key, self.value, self.out = (torch.nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = torch.nn.Linear(WIDTH, INNER), torch.nn.Linear(INNER, WIDTH)

    def attention(self, rows, mask, batch, length):
        query, key, value = (
            linear(rows).view(batch, length, HEADS, -1).transpose(1, 2) for linear in (self.query, self.key, self.value))
        scores = (query @ key.transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + mask).softmax(-1)
        return self.out((scores @ value).transpose(1, 2).reshape(batch, length, WIDTH))

    def feed_forward(self, stream):
        return self.down(torch.nn.functional.gelu(self.up(self.norm2(stream))))


class Stack(torch.nn.Module):
    """A decoder without cache. Its stream is a matrix of rows, as TensorFlow's BERT has it, or [sequence, batch, width],
    as fairseq has it."""

    def __init__(self, layers, matrix):
        super().__init__()
        self.matrix = matrix
        self.tokens = torch.nn.Embedding(VOCABULARY, EMBEDDED)
        self.project = torch.nn.Linear(EMBEDDED, WIDTH, bias=False)
        self.positions = torch.nn.Embedding(POSITIONS, WIDTH)
        self.layers = torch.nn.ModuleList(Layer() for _ in range(layers))
        self.norm, self.head = torch.nn.LayerNorm(WIDTH), torch.nn.Linear(WIDTH, VOCABULARY, bias=False)

    def forward(self, input_ids):
        batch, length = input_ids.shape
        stream = self.to_stream(self.project(self.tokens(input_ids)) + self.positions(torch.arange(length))[None])
        mask = torch.full((length, length), -1e4).triu(1)
        for layer in self.layers:
            rows = self.from_stream(layer.norm(stream), batch, length)
            stream = stream + self.to_stream(layer.attention(rows, mask, batch, length))
            stream = stream + layer.feed_forward(stream)
        return types.SimpleNamespace(logits=self.from_stream(self.head(self.norm(stream)), batch, length))

    def to_stream(self, rows):
        return rows.reshape(-1, rows.shape[-1]) if self.matrix else rows.transpose(0, 1)

    def from_stream(self, stream, batch, length):
        return stream.reshape(batch, length, -1) if self.matrix else stream.transpose(0, 1)


class Stacked(Family):
    """A family of the stack above."""

    def build(self, config):
        return Stack(config.num_hidden_layers, self.architecture).eval()

    def tokenizer(self):
        return tiny_tokenizer.tokenizer(self.frame, POSITIONS, ["input_ids"])

    def export(self, directory):
        (directory / "config.json").write_text(json.dumps(vars(self.config(self.layers)), indent=2) + "\n")
        self.tokenizer().save_pretrained(directory)
        for name in ("added_tokens.json", "vocab.json", "merges.txt"):
            (directory / name).unlink(missing_ok=True)
        module = self.model()
        original = module.forward
        module.forward = lambda input_ids: original(input_ids).logits
        path = str(directory / "model.onnx")
        axes = {name: {0: "batch", 1: "sequence"} for name in ("input_ids", "logits")}
        torch.onnx.export(module, (torch.ones(2, 5, dtype=torch.long),), path, input_names=["input_ids"],
                          output_names=["logits"], dynamic_axes=axes, opset_version=17, dynamo=False)
        graph = onnx.load(path)
        graph.graph.output[0].type.tensor_type.shape.dim[2].dim_value = VOCABULARY
        save_single(graph, directory / "model.onnx")


def stack_config(layers):
    return types.SimpleNamespace(model_type="stack", num_hidden_layers=layers, max_position_embeddings=POSITIONS,
                                 eos_token_id=tiny_tokenizer.EOS, vocab_size=VOCABULARY)


def export(family, directory):
    with tempfile.TemporaryDirectory() as scratch:
        source, target = pathlib.Path(scratch, "checkpoint"), pathlib.Path(scratch, "onnx")
        family.save(source)
        task = "text-generation-with-past" if family.causal else "feature-extraction"
        main_export(str(source), target, task=task, device="cpu", library_name="transformers", do_validation=False)
        copy_settings(target, directory)
        for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
            shutil.copy(source / name, directory / name)
        save_single(onnx.load(str(target / "model.onnx")), directory / "model.onnx")


STREAMS = (
    Family("opt", OPTForCausalLM, opt, stack="model.decoder.layers", outputs=("self_attn.out_proj", "fc2"), layers=LAYERS),
    Family("electra", ElectraModel, electra, stack="encoder.layer", outputs=(), frame="both", causal=False, layers=LAYERS),
    Stacked("matrix", True, stack_config, stack="layers", outputs=("out", "down"), frame="none", layers=LAYERS),
    Stacked("sequence-first", False, stack_config, stack="layers", outputs=("out", "down"), frame="none", layers=LAYERS),
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, required=True, help="the directory models/streams")
    args = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    (args.output / "expected").mkdir(parents=True, exist_ok=True)
    for family in STREAMS:
        directory = args.output / family.name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        family.export(directory) if isinstance(family, Stacked) else export(family, directory)
        expected.write(family, args.output / "expected")


if __name__ == "__main__":
    main()
