"""Rows of every task with their tokens, and the accuracy of nano-llama on each difficulty by PyTorch.

Difficulties are those of the Java enum NanoTask; rows are drawn by tasks.py, so a comparison finds a
generator that asks something else than training did, and a runtime that answers otherwise.
"""

import argparse
import json
import pathlib
import random

import torch
from transformers import AutoTokenizer

import boolean_expressions
import nano_model
import onnx_weights
import tasks

SEED = 4711
DIFFICULTIES = {
    "boolean": range(3, 7), "modular": range(2, 11), "lookup": range(3, 6),
    **{operation: range(3, 10) for operation in tasks.LIST_OPERATIONS}}


def row(rng, task, difficulty):
    if task == "modular":
        return tasks.modular_row(rng, (difficulty,))
    if task == "lookup":
        return tasks.lookup_row(rng, difficulty)
    return tasks.list_row(rng, task, difficulty)


def drawn(task, difficulty, n):
    """Rows as in training; those of short lists and small moduli repeat."""
    if task == "boolean":
        rows = boolean_expressions.rows(difficulty, n, SEED)
        return [(r["input"], r["target"]) for r in rows]
    rng = random.Random(f"{SEED} {task} {difficulty}")
    return [row(rng, task, difficulty) for _ in range(n)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=pathlib.Path, required=True, help="directory with model.onnx")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--examples", type=int, default=5, help="rows that are written, of each difficulty")
    args = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer, model = AutoTokenizer.from_pretrained(args.model), onnx_weights.load(args.model)
    lines = []
    for task, difficulties in DIFFICULTIES.items():
        for difficulty in difficulties:
            rows = drawn(task, difficulty, args.rows)
            accuracy = nano_model.greedy_accuracy(
                model, tokenizer, [tasks.prompt(x) for x, _ in rows], [y for _, y in rows])
            print(f"{task} {difficulty} {accuracy:.4f}", flush=True)
            examples = [{"input": x, "target": y, "token_ids": tokenizer(tasks.prompt(x))["input_ids"]}
                        for x, y in rows[:args.examples]]
            lines.append(json.dumps({"task": task, "difficulty": difficulty, "correct": round(accuracy * len(rows)),
                                     "total": len(rows), "examples": examples}))
    (args.output / "tasks.json").write_text("[" + ",\n".join(lines) + "]\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
