"""Greedy continuations by transformers' own generate(), with layers deleted: expected/greedy.json."""

import argparse
import json
import pathlib
import warnings

import torch

import expected
from families import FAMILIES

MASKS = [[], [1], [0, 2]]
LENGTHS = (1, 4, 9, 15)
NEW_TOKENS = 24
CANDIDATES = 64


def describe(family):
    """Prompts of every length, each the clearest of many, and what follows them, by mask."""
    models = [family.without_layers(mask) for mask in MASKS]
    prompts = [clearest(family, models, length) for length in LENGTHS]
    return {"prompts": prompts,
            "tokens": {str(mask).replace(" ", ""): [generate(model, prompt) for prompt in prompts]
                       for mask, model in zip(MASKS, models)}}


def clearest(family, models, length):
    """The prompt for which the two likeliest tokens are never near, so that rounding cannot choose."""
    prompts = expected.random_tokens(family, CANDIDATES, length, seed=50 + length)
    gap = torch.stack([gaps(model, prompts) for model in models]).amin(0)
    return prompts[int(gap.argmax())].tolist()


def gaps(model, prompts):
    """The smallest gap between the two likeliest tokens of each continuation."""
    ids, smallest = prompts, torch.full((len(prompts),), torch.inf)
    for _ in range(NEW_TOKENS):
        top = expected.values(model, ids)[:, -1].topk(2)
        smallest = torch.minimum(smallest, top.values[:, 0] - top.values[:, 1])
        ids = torch.cat([ids, top.indices[:, :1]], 1)
    return smallest


def generate(model, prompt):
    """All new tokens: no token ends a continuation."""
    ids = torch.tensor([prompt])
    model.generation_config.eos_token_id = None
    result = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=NEW_TOKENS, do_sample=False)
    return result[0, len(prompt):].tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, required=True, help="the directory models/families")
    args = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    lines = []
    for family in FAMILIES.values():
        if family.causal:
            lines.append(f"  {json.dumps(family.name)}: {json.dumps(describe(family))}")
            print(lines[-1][:160])
    text = f'{{"new_tokens": {NEW_TOKENS}, "families": {{\n' + ",\n".join(lines) + "\n}}\n"
    (args.output / "expected" / "greedy.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
