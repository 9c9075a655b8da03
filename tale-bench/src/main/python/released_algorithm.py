"""The released algorithm's way of working, plainly in PyTorch, beside Tale's engine.

One row at a time, the whole model, the logits of every position, no cache, every candidate on every
row, nothing reused. Runs the jar's engine command first, reads the rows that it asked and its counts,
does the same here, and compares: the correct rows of every candidate, the accepted layers, the seconds.

A round is scored on all rows. The whole search is run on the first --search-rows of them (as the engine
command does), and goes on from that round where those are all.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import time

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

SOURCES = pathlib.Path(__file__).resolve().parents[4]
NANO = SOURCES / "tale-onnx/src/test/resources/models/nano-llama"
JAR = SOURCES / "tale-bench/target/tale-bench.jar"
EPSILON = 0.08


class Row:
    """Token sequences to run, and for each choice which to read: (sequence, from where, tokens)."""

    def __init__(self, tokenizer, row):
        prompt = tokenizer.encode(row["prompt"]).ids
        self.gold, self.sequences, self.reads = row["gold"], [], []
        for choice in row["choices"]:
            whole = tokenizer.encode(f"{row['prompt']} {choice}").ids
            if whole[:-1] not in self.sequences:
                self.sequences.append(whole[:-1])
            self.reads.append((self.sequences.index(whole[:-1]), len(prompt) - 1, whole[len(prompt):]))

    def correct(self, model):
        """Whether the likeliest choice is the right one; the first on a tie."""
        logits = [model(torch.tensor([ids]), use_cache=False).logits[0] for ids in self.sequences]
        sums = [sum(logits[which][start + i].log_softmax(-1)[token].item() for i, token in enumerate(tokens))
                for which, start, tokens in self.reads]
        return sums.index(max(sums)) == self.gold


class Scorer:
    """Counts correct rows of a model without some layers; the layers that stay are run, no others."""

    def __init__(self, model):
        self.model, self.layers = model, list(model.model.layers)

    @torch.no_grad()
    def count(self, rows, removed):
        kept = [layer for index, layer in enumerate(self.layers) if index not in removed]
        self.model.model.layers = torch.nn.ModuleList(kept)
        self.model.model.config.num_hidden_layers = len(kept)  # the decoder runs as many as this says
        try:
            return sum(row.correct(self.model) for row in rows)
        finally:
            self.model.model.layers = torch.nn.ModuleList(self.layers)
            self.model.model.config.num_hidden_layers = len(self.layers)


def candidates(scorer, rows, removed):
    """Every layer that is left, with the rows correct without it."""
    left = [layer for layer in range(len(scorer.layers)) if layer not in removed]
    return [{"removed": layer, "correct": scorer.count(rows, removed + [layer])} for layer in left]


def search(scorer, rows, most_rounds, first_round=None):
    """Rounds and path of accepted layers, with what was correct then; -1 removes nothing."""
    baseline = scorer.count(rows, [])
    removed, rounds, path = [], [], [{"removed": -1, "correct": baseline}]
    while len(removed) < len(scorer.layers) - 1:
        scored = first_round if first_round and not rounds else candidates(scorer, rows, removed)
        rounds.append({"candidates": scored})
        best = max(scored, key=lambda c: c["correct"])  # the first, so the lowest layer, on a tie
        if len(rounds) == most_rounds or best["correct"] / len(rows) < baseline / len(rows) - EPSILON:
            break
        removed.append(best["removed"])
        path.append(best)
    return rounds, path


def load(model_directory, nano, checkpoint):
    """Nano-llama's weights are read from its ONNX file, those of others from their checkpoint."""
    if nano:
        sys.path.insert(0, str(SOURCES / "tale-onnx/src/test/python"))
        import onnx_weights
        return onnx_weights.load(model_directory)
    return AutoModelForCausalLM.from_pretrained(checkpoint, dtype=torch.float32).eval()


def engine(args, scratch):
    """Runs the engine command; returns its figures and the rows that it asked."""
    out = scratch.with_suffix(".engine.json")
    command = ["java", *args.java, "-jar", str(args.jar), "engine", "--model", args.model, "--out", str(out)]
    for name in ("rows", "search_rows", "search_rounds", "depth", "seeds", "repeats", "header_tokens", "row_tokens"):
        value = getattr(args, name)
        command += [] if value is None else ["--" + name.replace("_", "-"), str(value)]
    print(" ".join(command), flush=True)
    status = subprocess.run(command).returncode
    if status:
        sys.exit(status)  # what was wrong stands above, as the command said it
    lines = pathlib.Path(f"{out}.rows.jsonl").read_text(encoding="utf-8").splitlines()
    return json.loads(out.read_text(encoding="utf-8")), [json.loads(line) for line in lines]


def timed(work, *arguments):
    start = time.perf_counter()
    result = work(*arguments)
    return result, time.perf_counter() - start


def measure(scorer, rows, search_rows, most_rounds):
    """One round on all rows, and a whole search on the first of them."""
    for row in rows[:3]:
        row.correct(scorer.model)  # warm up
    scored, round_seconds = timed(candidates, scorer, rows, [])
    print(f"PyTorch: a round of {len(scored)} candidates on {len(rows)} rows in {round_seconds:.1f} s", flush=True)
    known = scored if search_rows == len(rows) else None
    (rounds, path), seconds = timed(search, scorer, rows[:search_rows], most_rounds, known)
    seconds += round_seconds if known else 0
    print(f"PyTorch: a search of {len(rounds)} rounds on {search_rows} rows in {seconds:.1f} s", flush=True)
    return {"round": scored, "roundSeconds": round_seconds, "rounds": rounds, "path": path, "seconds": seconds}


def compare(tale, torch_side):
    """What both sides say, side by side."""
    result = {
        "identicalRound": tale["round"]["correct"] == [c["correct"] for c in torch_side["round"]],
        "identicalRounds": tale["rounds"] == torch_side["rounds"],
        "identicalPath": tale["path"] == torch_side["path"],
        "roundSecondsPyTorch": torch_side["roundSeconds"],
        "roundSecondsNaive": tale["round"]["secondsNaive"],
        "roundSecondsEngine": tale["round"]["secondsEngine"],
        "roundSpeedup": torch_side["roundSeconds"] / tale["round"]["secondsEngine"],
        "roundBoundByOperations": tale["efficiency"]["boundOverReleasedByOperations"],
        "secondsPyTorch": torch_side["seconds"],
        "secondsNaive": tale["secondsNaive"],
        "secondsEngine": tale["secondsEngine"],
        "speedup": torch_side["seconds"] / tale["secondsEngine"]}
    if "racing" in tale:
        racing = tale["racing"]
        result.update({"secondsRacing": racing["seconds"], "speedupRacing": torch_side["seconds"] / racing["seconds"],
                       "racingPath": racing["path"] == tale["path"]})
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="nano, or a directory as make_qwen_shape.py writes it")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="JSON file for the comparison")
    parser.add_argument("--checkpoint", help="what PyTorch loads; DIR/checkpoint by default")
    parser.add_argument("--jar", type=pathlib.Path, default=JAR)
    parser.add_argument("--java", action="append", default=[], help="an option of the JVM: --java=-Xmx512m")
    parser.add_argument("--threads", type=int, default=2)
    for name in ("rows", "search-rows", "search-rounds", "depth", "seeds", "repeats", "header-tokens", "row-tokens"):
        parser.add_argument(f"--{name}", type=int, help="as the engine command takes it")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    tale, questions = engine(args, args.out)
    nano = args.model == "nano"
    directory = NANO if nano else pathlib.Path(args.model)
    tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
    scorer = Scorer(load(directory, nano, args.checkpoint or directory / "checkpoint"))
    torch_side = measure(scorer, [Row(tokenizer, question) for question in questions],
                         tale["searchRows"], tale["searchRounds"])
    result = compare(tale, torch_side)
    args.out.write_text(json.dumps({**result, "pytorch": torch_side, "tale": tale}, indent=1) + "\n", encoding="utf-8")
    for name, value in result.items():
        print(f"{name:28} {value:.4g}" if isinstance(value, float) else f"{name:28} {value}")
    sys.exit(0 if result["identicalRound"] and result["identicalRounds"] and result["identicalPath"] else 1)


if __name__ == "__main__":
    main()
