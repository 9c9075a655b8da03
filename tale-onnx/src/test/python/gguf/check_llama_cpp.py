"""Runs a GGUF file that Tale pruned in llama.cpp, beside Tale's answers of the original under the mask.

    python check_llama_cpp.py --jar tale-bench.jar --original FILE.gguf --pruned FILE.gguf --without 7,26

llama.cpp multiplies quantized weights with activations of 8 bits, Tale dequantized weights with float32: greedy answers
may part where two tokens are nearly as likely. Printed are, for each prompt, the tokens in common before that, and the
log-likelihood of a continuation by both.
"""

import argparse
import math
import subprocess

import llama_cpp
import numpy as np

PROMPTS = [("The capital of France is", " Paris"), ("Water boils at", " 100 degrees"), ("1, 2, 3,", " 4"),
           ("The opposite of hot is", " cold"), ("Once upon a time", ", there was"), ("The sun rises in the", " east"),
           ("A dog is an", " animal"), ("def add(a, b):", "\n    return a + b")]
TOKENS = 24


def tale(args, prompt, *more):
    command = ["java", "-Xmx512m", "-jar", args.jar, "ask", "--model", args.original, "--without", args.without,
               "--tokens", str(TOKENS), *more, prompt]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout[:-1]


def likelihood(model, prompt, continuation):
    ids = model.tokenize((prompt + continuation).encode(), add_bos=True, special=True)
    before = len(model.tokenize(prompt.encode(), add_bos=True, special=True))
    model.reset()
    model.eval(ids)
    logits = np.array(model.scores[:len(ids)], dtype=np.float64)
    total = 0.0
    for place in range(before, len(ids)):
        row = logits[place - 1]
        total += row[ids[place]] - row.max() - math.log(np.exp(row - row.max()).sum())
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--jar", "--original", "--pruned", "--without"):
        parser.add_argument(name, required=True)
    args = parser.parse_args()
    model = llama_cpp.Llama(args.pruned, n_ctx=512, logits_all=True, verbose=False)
    worst, common = 0.0, []
    for prompt, continuation in PROMPTS:
        theirs = model(prompt, max_tokens=TOKENS, temperature=0.0)["choices"][0]["text"]
        ours = tale(args, prompt)
        ids = [model.tokenize(text.encode(), add_bos=False, special=True) for text in (ours, theirs)]
        same = next((i for i, (a, b) in enumerate(zip(*ids)) if a != b), min(map(len, ids)))
        common.append(same)
        both = (float(tale(args, prompt, "--likelihood", continuation).split(",")[0]), likelihood(model, prompt, continuation))
        worst = max(worst, abs(both[0] - both[1]))
        print(f"{prompt!r}: {same} of {len(ids[0])} tokens in common; {continuation!r} {both[0]:.4f} in Tale, {both[1]:.4f} in llama.cpp")
    print(f"first divergence after {min(common)} tokens at the earliest, {sum(common)} of {len(PROMPTS) * TOKENS} in common;"
          f" log-likelihoods differ by {worst:.4f} at most")


if __name__ == "__main__":
    main()
