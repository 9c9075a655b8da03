"""Dumps what PyTorch computes with the weights of model.onnx: logits and greedy generations.

Every prompt runs alone and unpadded; a mask is a model whose layers were really deleted. With
--checkpoint, the weights of model.onnx are compared with the trained ones as well.
"""

import argparse
import json
import pathlib
import random

import numpy as np
import onnxruntime
import torch
from transformers import AutoTokenizer

import onnx_weights
import tasks

PROMPTS_PER_TASK = 8
SHOTS = (0, 0, 0, 2, 3, 0, 1, 4)
MASK_SIZES = (1, 2, 3, 4, 5, 6, 7, 8) * 2 + (1, 2, 3, 4)
NEW_TOKENS = 8
PROMPT_SEED, MASK_SEED = 11, 12


def prompts():
    """Every task, zero-shot and few-shot; zero-shot boolean expressions of depth 1 to 5."""
    rng = random.Random(PROMPT_SEED)
    result = []
    for task in tasks.TASKS:
        for i in range(PROMPTS_PER_TASK):
            zero_shot_boolean = task == "boolean" and SHOTS[i] == 0
            text = tasks.boolean_row(rng, min(2 * i + 1, 5))[0] if zero_shot_boolean else tasks.row(rng, task)[0]
            result.append(tasks.few_shot([tasks.row(rng, task) for _ in range(SHOTS[i])], text))
    return result


def masks(layers):
    """The empty mask, then distinct random sets of removed layers."""
    rng = random.Random(MASK_SEED)
    result = [[]]
    for size in MASK_SIZES:
        mask = sorted(rng.sample(range(layers), size))
        while mask in result:
            mask = sorted(rng.sample(range(layers), size))
        result.append(mask)
    return result


@torch.no_grad()
def last_logits(model, ids):
    return model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1]


def dump_logits(model, encoded, texts, chosen, output):
    """logits.bin is [mask, prompt, vocabulary], little-endian float32; logits.json describes it."""
    values = []
    for mask in chosen:
        smaller = onnx_weights.without_layers(model, mask)
        values.append([last_logits(smaller, ids).numpy() for ids in encoded])
    array = np.asarray(values, dtype="<f4")
    (output / "logits.bin").write_bytes(array.tobytes())
    write_json(output / "logits.json", {
        "shape": list(array.shape), "axes": ["mask", "prompt", "vocabulary"],
        "type": "float32 little-endian", "position": "last token of each prompt",
        "masks": chosen,
        "prompts": [{"text": t, "token_ids": ids} for t, ids in zip(texts, encoded)]})
    return array


def greedy(model, ids, eos):
    """Plain greedy decoding, the whole sequence anew for each token."""
    new, gap = [], float("inf")
    while len(new) < NEW_TOKENS:
        top = last_logits(model, ids + new).topk(2)
        gap = min(gap, (top.values[0] - top.values[1]).item())
        if top.indices[0].item() == eos:
            return new, "eos", gap
        new.append(top.indices[0].item())
    return new, "length", gap


def dump_generation(model, tokenizer, texts, chosen, output):
    """Greedy continuations; token_ids leaves out the prompt and the end-of-text token."""
    items, gaps = [], []
    for mask in chosen:
        smaller = onnx_weights.without_layers(model, mask)
        for text in texts:
            ids = tokenizer(text)["input_ids"]
            new, stop, gap = greedy(smaller, ids, tokenizer.eos_token_id)
            check_generate(smaller, tokenizer, ids, new, stop)
            gaps.append(gap)
            items.append({"removed_layers": mask, "prompt": text, "prompt_token_ids": ids,
                          "token_ids": new, "text": tokenizer.decode(new), "stop": stop})
    write_json(output / "generation.json", {
        "max_new_tokens": NEW_TOKENS, "eos_token_id": tokenizer.eos_token_id, "generations": items})
    return min(gaps)


def check_generate(model, tokenizer, ids, new, stop):
    """The library's own cached decoding must agree."""
    out = model.generate(torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long),
                         max_new_tokens=NEW_TOKENS, do_sample=False, eos_token_id=tokenizer.eos_token_id,
                         pad_token_id=tokenizer.pad_token_id)[0, len(ids):].tolist()
    expected = new + [tokenizer.eos_token_id] if stop == "eos" else new
    if out != expected:
        raise ValueError(f"generate() gave {out}, step by step gave {expected}")


def onnxruntime_difference(path, model, encoded):
    """Largest difference between ONNX Runtime and PyTorch over all positions of all prompts."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    empty = {i.name: np.zeros((1, i.shape[1], 0, i.shape[3]), np.float32)
             for i in session.get_inputs() if i.name.startswith("past_key_values")}
    largest = 0.0
    for ids in encoded:
        feed = {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), np.int64),
                "position_ids": np.arange(len(ids))[None], **empty}
        with torch.no_grad():
            expected = model(input_ids=torch.tensor([ids]), use_cache=False).logits.numpy()
        largest = max(largest, float(np.abs(session.run(["logits"], feed)[0] - expected).max()))
    return largest


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=pathlib.Path, required=True, help="directory with model.onnx")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--checkpoint", help="trained directory to compare the weights with")
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.output.mkdir(parents=True, exist_ok=True)
    tokenizer, model = AutoTokenizer.from_pretrained(args.model), onnx_weights.load(args.model)
    if args.checkpoint:
        onnx_weights.check_equal(model, args.checkpoint)
        print("weights equal the checkpoint's")
    texts, chosen = prompts(), masks(model.config.num_hidden_layers)
    encoded = [tokenizer(t)["input_ids"] for t in texts]
    print(f"prompts {len(texts)}, {min(map(len, encoded))} to {max(map(len, encoded))} tokens")
    difference = onnxruntime_difference(args.model / "model.onnx", model, encoded)
    print(f"largest difference ONNX Runtime - PyTorch {difference:.3g}")
    if difference > 1e-3:
        raise ValueError(f"ONNX Runtime differs from PyTorch by {difference}")
    print(f"logits {dump_logits(model, encoded, texts, chosen, args.output).shape}")
    gap = dump_generation(model, tokenizer, texts[::PROMPTS_PER_TASK], [[], chosen[1], chosen[3]], args.output)
    print(f"smallest gap between the two likeliest tokens of a generation {gap:.3g}")


if __name__ == "__main__":
    main()
