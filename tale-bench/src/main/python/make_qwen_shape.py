"""Makes a model of the shape of Qwen 2.5 0.5B with random weights, exported with its KV cache.

The same seed gives the same weights. What writes to the residual stream starts smaller, as depth adds
up there, so that no single layer decides an answer. The checkpoint that PyTorch loads lies beside the
ONNX model, in DIR/checkpoint.
"""

import argparse
import pathlib
import shutil

import onnx
import torch
from optimum.exporters.onnx import main_export
from transformers import AutoTokenizer, Qwen2Config, Qwen2ForCausalLM

SOURCES = pathlib.Path(__file__).resolve().parents[4]
TOKENIZER = SOURCES / "tale-onnx/src/test/resources/models/nano-llama"
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")
CHECKPOINT = "checkpoint"
CONTEXT = 4096


def config(args, tokenizer):
    """Everything that is not asked for is as in Qwen 2.5 0.5B, but for the length of the context."""
    return Qwen2Config(
        vocab_size=args.vocabulary, hidden_size=args.hidden, num_hidden_layers=args.layers,
        num_attention_heads=args.heads, num_key_value_heads=args.kv_heads, intermediate_size=args.intermediate,
        rope_theta=1e6, rms_norm_eps=1e-6, max_position_embeddings=CONTEXT, tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id, use_sliding_window=False, dtype="float32")


@torch.no_grad()
def random_model(args, tokenizer):
    torch.manual_seed(args.seed)
    model = Qwen2ForCausalLM(config(args, tokenizer)).eval()
    for name, weight in model.named_parameters():
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            weight.mul_((2 * args.layers) ** -0.5)
        elif name.endswith("bias"):
            torch.nn.init.normal_(weight, std=0.02)
    return model


def keep_constants_inside(path):
    """Above 2 GB the exporter moves the values of Constant nodes into the data file too, which Tale refuses."""
    data = path.with_name(path.name + "_data")
    if data.exists():
        graph = onnx.load(str(path))
        data.unlink()
        onnx.save(graph, str(path), save_as_external_data=True, all_tensors_to_one_file=True, location=data.name,
                  convert_attribute=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="directory for the model")
    parser.add_argument("--layers", type=int, default=24)
    parser.add_argument("--hidden", type=int, default=896)
    parser.add_argument("--heads", type=int, default=14)
    parser.add_argument("--kv-heads", type=int, default=2)
    parser.add_argument("--intermediate", type=int, default=4864)
    parser.add_argument("--vocabulary", type=int, default=151936)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--tokenizer", type=pathlib.Path, default=TOKENIZER, help="nano-llama's by default")
    args = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(args.tokenizer)
    checkpoint = args.out / CHECKPOINT
    random_model(args, tokenizer).save_pretrained(checkpoint)
    for name in TOKENIZER_FILES:
        shutil.copy(args.tokenizer / name, checkpoint / name)
    main_export(str(checkpoint), args.out, task="text-generation-with-past", device="cpu",
                library_name="transformers", do_validation=False)
    keep_constants_inside(args.out / "model.onnx")
    # The exporter loads and saves them again, which a client would not.
    for name in TOKENIZER_FILES:
        shutil.copy(args.tokenizer / name, args.out / name)
    size = sum(file.stat().st_size for file in args.out.glob("model.onnx*"))
    print(f"{args.out}: {args.layers} layers, {size:,} bytes")


if __name__ == "__main__":
    main()
