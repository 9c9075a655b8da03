"""Dumps what PyTorch computes when what each layer adds to the residual stream is scaled.

gates.json has log-likelihoods under vectors of factors, and the derivatives of their mean by each
factor at 1: by autograd, in float64. gates.bin has the residual stream at the last token of each
prompt, at every boundary between the attention and feed-forward parts of layers.
"""

import argparse
import json
import pathlib
import random

import numpy as np
import torch
from transformers import AutoTokenizer

import onnx_weights

PROMPTS = (1, 11, 19, 29)
CONTINUATIONS = (" True", " 7", " 3\n\n", " False")
MASKS = ((), (0, 3, 7, 11))
GATE_SEED, VECTORS = 13, 6
STEP = 1e-2


class Scaled:
    """The model with a factor on each part: 2i is the attention of layer i, 2i + 1 its feed-forward."""

    def __init__(self, model):
        self.model = model
        self.gates = None
        for i, layer in enumerate(model.model.layers):
            layer.register_forward_hook(self.whole(i))
            layer.self_attn.register_forward_hook(self.part(2 * i))
            layer.mlp.register_forward_hook(self.part(2 * i + 1))

    def part(self, index):
        """Scales what a part adds, where there is a factor for each part."""
        def hook(module, inputs, output):
            if len(self.gates) != 2 * len(self.model.model.layers):
                return None
            first = output[0] if isinstance(output, tuple) else output
            scaled = first * self.gates[index]
            return (scaled, *output[1:]) if isinstance(output, tuple) else scaled
        return hook

    def whole(self, index):
        """Scales what a layer adds, where there is a factor for each layer."""
        def hook(module, inputs, output):
            if len(self.gates) != len(self.model.model.layers):
                return None
            first = output[0] if isinstance(output, tuple) else output
            scaled = inputs[0] + self.gates[index] * (first - inputs[0])
            return (scaled, *output[1:]) if isinstance(output, tuple) else scaled
        return hook

    def log_likelihood(self, row, gates):
        """The sum over the tokens of the continuation."""
        self.gates = gates
        ids = row["token_ids"] + row["continuation_ids"]
        logits = self.model(input_ids=torch.tensor([ids]), use_cache=False).logits[0]
        places = range(len(row["token_ids"]) - 1, len(ids) - 1)
        return sum(logits[at].log_softmax(-1)[ids[at + 1]] for at in places)

    def loss(self, rows, gates):
        """The mean negative log-likelihood over rows."""
        return -sum(self.log_likelihood(row, gates) for row in rows) / len(rows)

    def boundaries(self, ids, removed):
        """The residual stream at the last token, [2 * layers + 1, width], whole layers removed."""
        layers = self.model.model.layers
        self.gates = ones(2 * len(layers))
        for layer in removed:
            self.gates[2 * layer] = self.gates[2 * layer + 1] = 0
        found, handles = [], []
        for layer in layers:
            handles.append(layer.register_forward_pre_hook(lambda m, i: found.append(i[0][0, -1])))
            handles.append(layer.post_attention_layernorm.register_forward_pre_hook(
                lambda m, i: found.append(i[0][0, -1])))
        handles.append(self.model.model.norm.register_forward_pre_hook(lambda m, i: found.append(i[0][0, -1])))
        with torch.no_grad():
            self.model(input_ids=torch.tensor([ids]), use_cache=False)
        for handle in handles:
            handle.remove()
        return torch.stack(found)


def ones(count):
    return torch.ones(count, dtype=torch.float64)


def gradient(scaled, rows, count):
    gates = ones(count).requires_grad_()
    scaled.loss(rows, gates).backward()
    return gates.grad.tolist()


@torch.no_grad()
def central_differences(scaled, rows, count):
    """What the Java side computes as well, here in float64."""
    result = []
    for index in range(count):
        step = torch.zeros(count, dtype=torch.float64)
        step[index] = STEP
        difference = scaled.loss(rows, ones(count) + step) - scaled.loss(rows, ones(count) - step)
        result.append((difference / (2 * STEP)).item())
    return result


@torch.no_grad()
def under_vectors(scaled, rows, count):
    """Random factors between -0.5 and 1.5, every fourth 0 or 1, two decimals."""
    rng = random.Random(GATE_SEED)
    result = []
    for _ in range(VECTORS):
        gates = [float(rng.randint(0, 1)) if rng.random() < 0.25 else round(rng.uniform(-0.5, 1.5), 2)
                 for _ in range(count)]
        sums = [scaled.log_likelihood(row, torch.tensor(gates, dtype=torch.float64)).item() for row in rows]
        result.append({"gates": gates, "log_likelihoods": sums})
    return result


def check_hidden_states(model, ids, boundaries):
    """The library's own hidden states: the last of them is taken after the final norm, so left out."""
    with torch.no_grad():
        states = model(input_ids=torch.tensor([ids]), use_cache=False, output_hidden_states=True).hidden_states
    expected = torch.stack([state[0, -1] for state in states[:-1]])
    if not torch.equal(boundaries[0:-1:2], expected):
        raise ValueError("boundaries are not the hidden states of transformers")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=pathlib.Path, required=True, help="directory with model.onnx")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="directory with logits.json")
    args = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer, model = AutoTokenizer.from_pretrained(args.model), onnx_weights.load(args.model).double()
    prompts = json.loads((args.output / "logits.json").read_text(encoding="utf-8"))["prompts"]
    rows = [{**prompts[p], "continuation_ids": tokenizer(c, add_special_tokens=False)["input_ids"]}
            for p, c in zip(PROMPTS, CONTINUATIONS)]
    scaled, layers = Scaled(model), model.config.num_hidden_layers
    states = torch.stack([torch.stack([scaled.boundaries(row["token_ids"], mask) for row in rows]) for mask in MASKS])
    scaled.gates = ones(2 * layers)
    check_hidden_states(model, rows[0]["token_ids"], states[0, 0])
    array = states.numpy().astype("<f4")
    (args.output / "gates.bin").write_bytes(array.tobytes())
    of = {}
    for name, count in (("layer", layers), ("sublayer", 2 * layers)):
        of[name] = {"vectors": under_vectors(scaled, rows, count), "gradient": gradient(scaled, rows, count),
                    "central_differences": central_differences(scaled, rows, count)}
        print(f"{name}: largest derivative {np.abs(of[name]['gradient']).max():.3g}, farthest difference "
              f"{np.abs(np.subtract(of[name]['gradient'], of[name]['central_differences'])).max():.3g}")
    value = {"shape": list(array.shape), "axes": ["mask", "row", "boundary", "width"], "type": "float32 little-endian",
             "masks": [list(mask) for mask in MASKS], "rows": rows, "step": STEP, **of}
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    (args.output / "gates.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
