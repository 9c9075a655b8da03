"""Fixtures of PyTorch's own exporter (torch.onnx.export with dynamo=True), KV cache as plain tensors."""

import functools
import pathlib
import tempfile

import onnx
import torch
from transformers.cache_utils import DynamicCache

import genai_config
from families import FAMILIES
from fixtures import ONNX_FOLDER, Fixture, copy_settings, onnx_folder, save_single

EXPORTER = "dynamo"
# What the exporter says of a node's origin, apart from stack traces; one fixture keeps it.
SCOPES = ("namespace", "pkg.torch.onnx.name_scopes")
WITH_SCOPES = "gpt2"
LEFT_OUT = ("roberta",)
REASON = "The exporter writes this family too; to keep the fixtures small, BERT stands for the encoders."
BATCH, LENGTH, PAST = 2, 5, 3


def owns(entry):
    return entry["exporter"] == EXPORTER


def absent():
    return [{"family": name, "exporter": EXPORTER, "format": "fp32", "reason": REASON} for name in LEFT_OUT]


def fixtures():
    for family in (family for name, family in FAMILIES.items() if name not in LEFT_OUT):
        yield Fixture(f"{family.name}-{EXPORTER}", family.name, EXPORTER, "fp32", family.layers,
                      functools.partial(write, family), ONNX_FOLDER)


def write(family, directory):
    with tempfile.TemporaryDirectory() as scratch:
        family.save(scratch)
        copy_settings(pathlib.Path(scratch), directory)
    path = onnx_folder(directory) / "model.onnx"
    (export_decoder if family.causal else export_encoder)(family, path)
    save_single(onnx.load(str(path)), path, SCOPES if family.name == WITH_SCOPES else ())
    genai_config.write(family, directory)


class Decoder(torch.nn.Module):
    """The model with its cache as tensors in and out."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, position_ids, *past):
        cache = DynamicCache()
        for layer in range(len(past) // 2):
            cache.update(past[2 * layer], past[2 * layer + 1], layer)
        output = self.model(input_ids=input_ids, attention_mask=attention_mask, position_ids=position_ids,
                            past_key_values=cache, use_cache=True)
        layers = output.past_key_values.layers
        return (output.logits, *(tensor for layer in layers for tensor in (layer.keys, layer.values)))


class Encoder(torch.nn.Module):
    """The model with nothing but its last hidden state."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(input_ids=input_ids, attention_mask=attention_mask,
                          token_type_ids=token_type_ids).last_hidden_state


def export_decoder(family, path):
    config = family.config(family.layers)
    heads = getattr(config, "num_key_value_heads", config.num_attention_heads)
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    past = [torch.randn(BATCH, heads, PAST, size) for _ in range(2 * family.layers)]
    arguments = (tokens(config), torch.ones(BATCH, PAST + LENGTH, dtype=torch.long),
                 torch.arange(PAST, PAST + LENGTH)[None].repeat(BATCH, 1), *past)
    export(Decoder(fused(family)), arguments, path,
           inputs=["input_ids", "attention_mask", "position_ids", *cache_names(family, "past_key_values")],
           outputs=["logits", *cache_names(family, "present")],
           shapes=(*named("sequence_length", "total_sequence_length", "sequence_length"),
                   tuple({0: "batch_size", 2: "past_sequence_length"} for _ in past)))


def export_encoder(family, path):
    ids = tokens(family.config(family.layers))
    export(Encoder(fused(family)), (ids, torch.ones_like(ids), torch.zeros_like(ids)), path,
           inputs=["input_ids", "attention_mask", "token_type_ids"], outputs=["last_hidden_state"],
           shapes=named(*["sequence_length"] * 3))


def export(module, arguments, path, inputs, outputs, shapes):
    torch.onnx.export(module, arguments, str(path), dynamo=True, input_names=inputs, output_names=outputs,
                      dynamic_shapes=shapes, external_data=False, verbose=False)


def fused(family):
    """The model as users load it: fused attention wherever it computes the same."""
    model = family.model()
    if family.name != "gemma2":
        model.set_attn_implementation("sdpa")
    return model


def tokens(config):
    return torch.randint(0, config.vocab_size, (BATCH, LENGTH))


def named(*lengths):
    return tuple({0: "batch_size", 1: length} for length in lengths)


def cache_names(family, prefix):
    return [f"{prefix}.{i}.{part}" for i in range(family.layers) for part in ("key", "value")]
