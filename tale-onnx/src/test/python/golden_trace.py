"""The released TALE rules, run plainly in PyTorch on the weights of model.onnx.

Every candidate is a model whose layers were really deleted, run over all rows. Nothing is shared with
the Java search, so that the two can check each other. Accuracies are compared as doubles
(correct / 500), exactly as `best >= reference - epsilon` would in Java.
"""

import argparse
import json
import pathlib

import torch
from transformers import AutoTokenizer

import onnx_weights
import tasks

SELECTION = 500
CHOICES = (" False", " True")


class Scorer:
    """Correct answers of a set of rows, for any set of removed layers."""

    def __init__(self, model, tokenizer, rows):
        self.model, self.total, self.known = model, len(rows), {}
        self.choices = [self.single(tokenizer, c) for c in CHOICES]
        self.groups = {}
        for row in rows:
            ids = tokenizer(tasks.prompt(row["input"]))["input_ids"]
            self.groups.setdefault(len(ids), []).append((ids, CHOICES.index(" " + row["target"])))

    @staticmethod
    def single(tokenizer, choice):
        """The choices are one token each, so the sum over their tokens is one log-probability."""
        ids = tokenizer(choice, add_special_tokens=False)["input_ids"]
        if len(ids) != 1:
            raise ValueError(f"'{choice}' takes {len(ids)} tokens, 1 is required")
        return ids[0]

    def correct(self, removed):
        """(rows answered correctly, smallest distance between the two log-probabilities)."""
        key = tuple(sorted(removed))
        if key not in self.known:
            self.known[key] = self.count(onnx_weights.without_layers(self.model, key))
        return self.known[key]

    @torch.no_grad()
    def count(self, model):
        """Rows of equal length run together, so that nothing is padded."""
        right, margin = 0, float("inf")
        for group in self.groups.values():
            hidden = model.model(torch.tensor([ids for ids, _ in group]), use_cache=False).last_hidden_state
            scores = model.lm_head(hidden[:, -1]).log_softmax(-1)[:, self.choices]
            for pair, (_, wanted) in zip(scores.tolist(), group):
                right += pair.index(max(pair)) == wanted
                margin = min(margin, abs(pair[0] - pair[1]))
        return right, float(f"{margin:.3g}")


def search(scorer, layers, epsilon, fixed_baseline):
    """Greedy removal; the baseline, the rounds, and the path of accepted configurations."""
    baseline = scorer.correct([])[0]
    removed, current, rounds, path = [], baseline, [], [([], baseline)]
    while len(removed) < layers - 1:
        candidates = [(layer, *scorer.correct(removed + [layer])) for layer in range(layers) if layer not in removed]
        layer, correct, _ = max(candidates, key=lambda c: c[1])  # the first, so the lowest index, on a tie
        reference = baseline if fixed_baseline else current
        accepted = correct / scorer.total >= reference / scorer.total - epsilon
        rounds.append({"round": len(rounds) + 1, "candidates": [
            {"removed_layer": c, "correct": n, "smallest_margin": m} for c, n, m in candidates],
            "accepted": layer if accepted else None, "correct": correct})
        if not accepted:
            break
        removed, current = removed + [layer], correct
        path.append((removed, correct))
    return rounds, path


def results(path):
    """BEST: highest accuracy, fewest removed on a tie. BSBA: last at or above baseline. FINAL: last."""
    best = max(path, key=lambda p: p[1])
    bsba = [p for p in path if p[1] >= path[0][1]][-1]
    return {"best": best, "bsba": bsba, "final": path[-1]}


def trace(selection, held_out, layers, epsilon, fixed_baseline, facts):
    """The whole search as one JSON value; removed layers in the order of their removal."""
    rounds, path = search(selection, layers, epsilon, fixed_baseline)

    def described(removed, correct):
        return {"removed_layers": removed, "correct": correct, "held_out_correct": held_out.correct(removed)[0]}

    return {**facts, "epsilon": epsilon, "floor": "baseline" if fixed_baseline else "current model",
            "baseline": {"total": selection.total, "held_out_total": held_out.total, **described([], path[0][1]),
                         "smallest_margin": selection.correct([])[1]},
            "rounds": rounds, **{name: described(*p) for name, p in results(path).items()}}


def summary(result):
    accepted = [(r["accepted"], r["correct"]) for r in result["rounds"] if r["accepted"] is not None]
    return json.dumps({"floor": result["floor"], "epsilon": result["epsilon"], "baseline": result["baseline"],
                       "accepted": accepted, "last_round": (len(result["rounds"]), result["rounds"][-1]["correct"]),
                       **{n: result[n] for n in ("best", "bsba", "final")}})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=pathlib.Path, required=True, help="directory with model.onnx")
    parser.add_argument("--rows", type=pathlib.Path, required=True, help="selection rows, then held-out rows")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    tokenizer, model = AutoTokenizer.from_pretrained(args.model), onnx_weights.load(args.model)
    rows = [json.loads(line) for line in args.rows.read_text(encoding="utf-8").splitlines()]
    selection = Scorer(model, tokenizer, rows[:SELECTION])
    held_out = Scorer(model, tokenizer, rows[SELECTION:])
    facts = {"model_sha256": onnx_weights.sha256(args.model / "model.onnx"), "rows_file": args.rows.name,
             "rows_sha256": onnx_weights.sha256(args.rows), "selection_rows": [0, SELECTION],
             "held_out_rows": [SELECTION, len(rows)], "prompt": "Q: {input}\nA:", "choices": list(CHOICES)}
    layers = model.config.num_hidden_layers
    for name, epsilon, fixed in (("golden-trace", 0.08, True), ("golden-trace-current", 0.02, False)):
        result = trace(selection, held_out, layers, epsilon, fixed, facts)
        text = json.dumps(result, indent=1) + "\n"
        (args.output / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        print(summary(result))


if __name__ == "__main__":
    main()
