"""Checks a Hugging Face folder that Tale pruned: against the original with layers deleted, and against mergekit.

    python check_pruned.py --original DIR --pruned DIR

The pruned folder is loaded by transformers with no code of its own. Its tensors must equal those of the original whose
layers layers_to_keep.json does not name were deleted, and those that mergekit makes of mergekit.yaml; its greedy answers
to some prompts, if it has a tokenizer, must be the same tokens.
"""

import argparse
import json
import pathlib
import tempfile

import torch
import yaml
from mergekit.config import MergeConfiguration
from mergekit.merge import run_merge
from mergekit.options import MergeOptions
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = ["The capital of France is", "1, 2, 3,", "def add(a, b):", "Water boils at", "Once upon a time", "The opposite of hot is",
           "<|im_start|>user\nWhat is ice?<|im_end|>\n<|im_start|>assistant\n", "A year has"]
TOKENS = 24


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def deleted(original, kept):
    model = load(original)
    model.model.layers = torch.nn.ModuleList([model.model.layers[layer] for layer in kept])
    for place, layer in enumerate(model.model.layers):
        layer.self_attn.layer_idx = place
    model.config.num_hidden_layers = len(kept)
    return model


def merged(original, pruned, scratch):
    plan = yaml.safe_load((pruned / "mergekit.yaml").read_text(encoding="utf-8"))
    for part in plan["slices"]:
        for source in part["sources"]:
            source["model"] = str(original)
    run_merge(MergeConfiguration.model_validate(plan), scratch, MergeOptions(copy_tokenizer=False, quiet=True))
    return load(scratch)


def differing(one, other):
    ours, theirs = one.state_dict(), other.state_dict()
    return sorted(set(ours) ^ set(theirs)) + [name for name in ours if name in theirs
                                              and not torch.equal(ours[name], theirs[name])]


@torch.no_grad()
def answers(model, tokenizer):
    out = []
    for prompt in PROMPTS:
        ids = tokenizer(prompt, return_tensors="pt").input_ids
        out.append(model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=TOKENS, do_sample=False,
                                  pad_token_id=tokenizer.eos_token_id)[0].tolist())
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--original", type=pathlib.Path, required=True)
    parser.add_argument("--pruned", type=pathlib.Path, required=True)
    args = parser.parse_args()
    kept = json.loads((args.pruned / "layers_to_keep.json").read_text(encoding="utf-8"))["layers_to_keep"]
    pruned, expected = load(args.pruned), deleted(args.original, kept)
    print("transformers:", len(pruned.state_dict()), "tensors, differing from the original with layers deleted:",
          differing(pruned, expected))
    with tempfile.TemporaryDirectory() as scratch:
        print("mergekit: differing:", differing(pruned, merged(args.original, args.pruned, scratch)))
    ours = theirs = []
    if (args.pruned / "tokenizer.json").exists():
        tokenizer = AutoTokenizer.from_pretrained(args.pruned)
        ours, theirs = answers(pruned, tokenizer), answers(expected, tokenizer)
    print("greedy answers of", TOKENS, "tokens:", sum(a == b for a, b in zip(ours, theirs)), "of", len(ours), "equal")
    if differing(pruned, expected) or ours != theirs:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
