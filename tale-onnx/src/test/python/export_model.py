"""Exports a model directory with Hugging Face's ONNX exporter: KV cache included, fp32, one file."""

import argparse
import json
import pathlib
import shutil
import tempfile

import onnx
from optimum.exporters.onnx import main_export
from transformers import AutoTokenizer

import nano_model

KEPT = ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json")


def export(source, target):
    """Exports `source` (as save_pretrained wrote it) and keeps only what clients load."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        main_export(str(source), scratch, task="text-generation-with-past", device="cpu")
        graph = onnx.load(f"{scratch}/model.onnx")
        strip(graph)
        onnx.checker.check_model(graph)
        onnx.save(graph, str(target / "model.onnx"))
        for name in KEPT:
            shutil.copy(pathlib.Path(scratch, name), target / name)
    shutil.copy(source / "tokenizer.json", target / "tokenizer.json")
    shutil.copy(source / "tokenizer_config.json", target / "tokenizer_config.json")
    forget_path(target / "config.json")


def strip(graph):
    """Removes texts that name files of the exporting machine."""
    graph.doc_string = ""
    graph.graph.doc_string = ""
    del graph.metadata_props[:]
    for node in graph.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]


def forget_path(path):
    """config.json may carry the directory the model was loaded from."""
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings.pop("_name_or_path", None)
    path.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def save_untrained(tokenizer_dir, directory):
    """A random model of the final shape, for work that does not need answers."""
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_dir)
    nano_model.untrained(tokenizer, seed=0).save_pretrained(directory)
    tokenizer.save_pretrained(directory, save_jinja_files=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, help="trained model directory")
    parser.add_argument("--untrained", metavar="TOKENIZER_DIR", help="export random weights instead")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if args.untrained:
            save_untrained(args.untrained, scratch)
        export(pathlib.Path(args.untrained and scratch or args.source), args.output)


if __name__ == "__main__":
    main()
