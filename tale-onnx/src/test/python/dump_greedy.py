"""Greedy continuations of nano-llama by transformers' own generate(), with layers deleted."""

import argparse
import json
import pathlib

import torch
from transformers import AutoTokenizer

import dump_expected
import onnx_weights

MASKS = [[], [1], [0, 2], [3, 7, 10]]
NEW_TOKENS = 32


def generate(model, ids):
    """All new tokens: no token ends a continuation."""
    model.generation_config.eos_token_id = None
    prompt = torch.tensor([ids])
    result = model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=NEW_TOKENS, do_sample=False)
    return result[0, len(ids):].tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=pathlib.Path, required=True, help="directory with model.onnx")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer, model = AutoTokenizer.from_pretrained(args.model), onnx_weights.load(args.model)
    prompts = [tokenizer(text)["input_ids"] for text in dump_expected.prompts()[::5]]
    tokens = {}
    for mask in MASKS:
        smaller = onnx_weights.without_layers(model, mask)
        tokens[str(mask).replace(" ", "")] = [generate(smaller, prompt) for prompt in prompts]
    print(f"prompts of {sorted(map(len, prompts))} tokens")
    lines = [f'{json.dumps(mask)}: {json.dumps(rows)}' for mask, rows in tokens.items()]
    text = f'{{"new_tokens": {NEW_TOKENS},\n"prompts": {json.dumps(prompts)},\n"tokens": {{\n' + ",\n".join(lines) + "\n}}\n"
    (args.output / "greedy.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
