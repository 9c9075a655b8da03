"""The PyTorch model read back from model.onnx, and real deletion of its layers.

The exporter folds and transposes the weights of Linear layers and gives them anonymous names; the
MatMul nodes that use them keep the module path, so that path names the weight.
"""

import copy
import hashlib
import pathlib

import onnx
import torch
from onnx import numpy_helper
from transformers import LlamaConfig, LlamaForCausalLM


def load(directory):
    """A LlamaForCausalLM with the weights of directory/model.onnx."""
    directory = pathlib.Path(directory)
    model = LlamaForCausalLM(LlamaConfig.from_pretrained(directory))
    model.load_state_dict(state_dict(directory / "model.onnx"), strict=True)
    return model.eval()


def state_dict(path):
    """PyTorch parameter names to tensors."""
    graph = onnx.load(str(path)).graph
    values = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
    # Parameters with equal values are stored once; the others are Identity nodes.
    for node in graph.node:
        if node.op_type == "Identity" and node.input[0] in values:
            values[node.output[0]] = values[node.input[0]]
    weights = {name: value for name, value in values.items() if name.endswith(".weight")}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in values:
            weights[module_path(node.name) + ".weight"] = values[node.input[1]].T.contiguous()
    return weights


def module_path(node_name):
    """/model/layers.3/self_attn/q_proj/MatMul -> model.layers.3.self_attn.q_proj"""
    return node_name.strip("/").removesuffix("/MatMul").replace("/", ".")


def without_layers(model, removed):
    """A copy of the model whose removed layers are gone and whose other layers are renumbered."""
    smaller = copy.deepcopy(model)
    kept = [layer for i, layer in enumerate(smaller.model.layers) if i not in set(removed)]
    smaller.model.layers = torch.nn.ModuleList(kept)
    for index, layer in enumerate(kept):
        layer.self_attn.layer_idx = index
    smaller.config.num_hidden_layers = len(kept)
    return smaller.eval()


def check_equal(model, checkpoint):
    """Raises unless every parameter equals the checkpoint's, bit for bit."""
    expected = LlamaForCausalLM.from_pretrained(checkpoint).state_dict()
    actual = model.state_dict()
    if expected.keys() != actual.keys():
        raise ValueError(f"parameter names differ: {sorted(expected.keys() ^ actual.keys())}")
    for name, value in expected.items():
        if not torch.equal(value, actual[name]):
            raise ValueError(f"{name} differs from the checkpoint")


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
