"""Makes tiny-tasks: tokenizer, seeded training on the text of corpus.py, export with KV cache."""

import argparse
import itertools
import math
import pathlib
import sys
import tempfile
import time

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

import corpus

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import export_model  # noqa: E402
import onnx_weights  # noqa: E402

BOS, EOS, PAD = "<s>", "</s>", "<pad>"
TURNS = ("<|system|>", "<|user|>", "<|assistant|>", "<|end|>")
VOCABULARY = 640
CONTEXT = 8192
# Own wording; BOS is part of the template, so that a second one would show.
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>\\n' + message['content'] }}"
    "{% if not loop.last or add_generation_prompt %}{{ '<|end|>\\n' }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}")
TOKENIZER_SEED, TRAINING_SEED = 11, 12


def tokenizer():
    """Byte-level BPE: any text can be written."""
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    inner.train_from_iterator(
        itertools.islice(corpus.documents(TOKENIZER_SEED), 4000),
        trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=[BOS, EOS, PAD, *TURNS], show_progress=False,
                            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    inner.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", pair=f"{BOS} $A $B", special_tokens=[(BOS, inner.token_to_id(BOS))])
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=inner, bos_token=BOS, eos_token=EOS, pad_token=PAD, additional_special_tokens=list(TURNS),
        model_max_length=CONTEXT, clean_up_tokenization_spaces=False, model_input_names=["input_ids", "attention_mask"])
    wrapped.chat_template = CHAT_TEMPLATE
    return wrapped


def untrained(tok):
    torch.manual_seed(TRAINING_SEED)
    return LlamaForCausalLM(LlamaConfig(
        vocab_size=len(tok), hidden_size=64, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
        head_dim=16, intermediate_size=160, rope_theta=50000.0, rms_norm_eps=1e-5, max_position_embeddings=CONTEXT,
        tie_word_embeddings=False, bos_token_id=tok.bos_token_id, eos_token_id=tok.eos_token_id,
        pad_token_id=tok.pad_token_id, dtype="float32"))


def batches(tok, size, length):
    """Documents one after the other, each between BOS and EOS, cut into equal rows."""
    stream, documents = [], corpus.documents(TRAINING_SEED)
    while True:
        while len(stream) < size * length:
            for ids in tok([next(documents) for _ in range(64)])["input_ids"]:
                stream += ids + [tok.eos_token_id]
        yield torch.tensor(stream[:size * length]).view(size, length)
        stream = stream[size * length:]


def train(model, tok, steps, size=10, length=320, peak=5e-3):
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, betas=(0.9, 0.95), weight_decay=0.01)
    started, mean = time.monotonic(), 0.0
    for step, ids in enumerate(itertools.islice(batches(tok, size, length), steps)):
        rate = min((step + 1) / 50, 0.5 * (1 + math.cos(math.pi * step / steps))) * peak
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = model(input_ids=ids, labels=ids).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        mean = 0.98 * mean + 0.02 * loss.item() if step else loss.item()
        if (step + 1) % 50 == 0:
            print(f"step {step + 1} loss {mean:.4f} seconds {time.monotonic() - started:.0f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    tok = tokenizer()
    model = untrained(tok)
    print(f"{model.num_parameters()} parameters, {len(tok)} tokens", flush=True)
    train(model, tok, args.steps)
    with tempfile.TemporaryDirectory() as scratch:
        model.eval().save_pretrained(scratch)
        tok.save_pretrained(scratch, save_jinja_files=False)
        export_model.export(pathlib.Path(scratch), args.output)
        onnx_weights.check_equal(onnx_weights.load(args.output), scratch)


if __name__ == "__main__":
    main()
