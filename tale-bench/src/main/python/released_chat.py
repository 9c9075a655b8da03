"""A greedy round on ARC-Easy in conversations, by Tale and as the released code works in PyTorch, in one run.

    python released_chat.py --model DIR --data arc_easy.jsonl --rows 16 --most 2 --out chat.json

DIR is a Hugging Face folder. The jar's chat-round command asks first and writes the conversations; here each is then asked
by transformers, one row at a time, all layers that stay, the logits of every position, no cache. Compared are the correct
rows of the baseline and of every candidate of the first round, the seconds, and the peak resident memory of the processes.
"""

import argparse
import json
import pathlib
import re
import resource
import subprocess
import time

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoTokenizer

from released_algorithm import EPSILON, JAR, Scorer, candidates

ANSWER = re.compile(r"\b([A-E])\b")


class Row:
    """A conversation in tokens, and the letter of the right option."""

    def __init__(self, renderer, tokenizer, asked, source):
        messages = [dict(message) for message in asked["messages"]]
        text = renderer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True) + asked["answerStart"]
        self.ids, self.decode = tokenizer.encode(text, add_special_tokens=False).ids, tokenizer.decode
        labels = [choice["label"] for choice in source["question"]["choices"]]
        self.gold = "ABCDE"[labels.index(source["answerKey"])]

    def correct(self, model):
        token = model(torch.tensor([self.ids]), use_cache=False).logits[0, -1].argmax().item()
        found = ANSWER.search(self.decode([token]))
        return bool(found) and found.group(1) == self.gold


def search(scorer, rows, most):
    """Seconds of the first round with its baseline, and of the whole; what was correct."""
    start = time.perf_counter()
    baseline, removed, first, seconds = scorer.count(rows, []), [], None, None
    while len(removed) < most:
        scored = candidates(scorer, rows, removed)
        if first is None:
            first, seconds = scored, time.perf_counter() - start
        best = max(scored, key=lambda candidate: candidate["correct"])
        if best["correct"] / len(rows) < baseline / len(rows) - EPSILON:
            break
        removed.append(best["removed"])
    return dict(baseline=baseline, candidates=first, removed=removed, roundSeconds=seconds,
                seconds=time.perf_counter() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--jar", type=pathlib.Path, default=JAR)
    parser.add_argument("--rows", type=int, default=16)
    parser.add_argument("--most", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(2)
    subprocess.run(["java", "-Xmx512m", "-jar", args.jar, "chat-round", "--model", args.model, "--data", args.data, "--rows",
                    str(args.rows), "--most", str(args.most), "--out", args.out], check=True)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    tale = json.loads(args.out.read_text(encoding="utf-8"))
    sources = [json.loads(line) for line in args.data.read_text(encoding="utf-8").splitlines()[:args.rows]]
    renderer, tokenizer = AutoTokenizer.from_pretrained(args.model), Tokenizer.from_file(str(args.model / "tokenizer.json"))
    rows = [Row(renderer, tokenizer, asked, source) for asked, source in zip(tale["rows"], sources)]
    scorer = Scorer(AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32).eval())
    scorer.count(rows[:2], [])  # warms up
    theirs = search(scorer, rows, args.most)
    round_ = tale["round"]
    result = {
        "tokens": [len(row.ids) for row in rows],
        "identicalBaseline": round_["path"][0]["correct"] == theirs["baseline"],
        "identicalRound": [c["correct"] for c in round_["candidates"]] == [c["correct"] for c in theirs["candidates"]],
        "bound": round_["naiveLayerForwards"] / round_["layerForwards"],
        "roundSpeedup": theirs["roundSeconds"] / round_["seconds"],
        "searchSpeedup": theirs["seconds"] / tale["exact"]["seconds"],
        "racingSpeedup": theirs["seconds"] / tale["racing"]["seconds"],
        "memoryShare": memory / resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "memoryKilobytes": memory,
        "pytorch": theirs, "tale": {name: tale[name] for name in ("round", "exact", "racing")}}
    args.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    for name, value in result.items():
        if name not in ("pytorch", "tale", "tokens"):
            print(f"{name:20} {value:.4g}" if isinstance(value, float) else f"{name:20} {value}")
    print(f"seconds of the round {theirs['roundSeconds']:.1f} and {round_['seconds']:.1f}, of the search"
          f" {theirs['seconds']:.1f}, {tale['exact']['seconds']:.1f} and racing {tale['racing']['seconds']:.1f};"
          f" without {theirs['removed']}, {tale['exact']['path'][-1]['removed']}, {tale['racing']['path'][-1]['removed']}")


if __name__ == "__main__":
    main()
