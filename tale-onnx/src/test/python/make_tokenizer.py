"""Trains the byte-level BPE tokenizer on generated rows and writes it with its chat template."""

import argparse
import random

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

import tasks

BOS, EOS, PAD = "<|begin_of_text|>", "<|end_of_text|>", "<|pad|>"
CONTEXT = 256
KEYS = "abcdefghjkmnprst"
MODULI = (2, 5, 10)
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'user' %}{{ 'Q: ' + message['content'] + '\\n' }}"
    "{% elif message['role'] == 'assistant' %}{{ 'A: ' + message['content'] + '\\n\\n' }}"
    "{% else %}{{ message['content'] + '\\n\\n' }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ 'A:' }}{% endif %}")


def corpus(rows_per_task=2000, seed=1):
    """Single rows only: blank lines stay two newline tokens wherever they stand. More keys and
    moduli than are trained, so that these words are single tokens too."""
    rng = random.Random(seed)
    for task in tasks.TASKS:
        for _ in range(rows_per_task):
            text, target = corpus_row(rng, task)
            yield f"{tasks.prompt(text)} {target}"


def corpus_row(rng, task):
    if task == "lookup":
        return tasks.lookup_row(rng, rng.randint(3, 5), KEYS)
    return tasks.modular_row(rng, MODULI) if task == "modular" else tasks.row(rng, task)


def train_bpe(vocab_size):
    """GPT-2 word splitting, the whole byte alphabet, BOS added in front by the post-processor."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(corpus(), trainers.BpeTrainer(
        vocab_size=vocab_size, special_tokens=[BOS, EOS, PAD], show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", pair=f"{BOS} $A {BOS} $B",
        special_tokens=[(BOS, tokenizer.token_to_id(BOS))])
    return tokenizer


def check(tokenizer):
    """Every word of the tasks is one token, so that answers and operators are single steps."""
    words = "True False and or not is ( ) + - * mod = , ; of in 10".split()
    words += list(tasks.LIST_OPERATIONS) + list(KEYS) + [str(d) for d in range(10)]
    for word in words:
        ids = tokenizer.encode(" " + word, add_special_tokens=False).ids
        if len(ids) != 1:
            raise ValueError(f"' {word}' takes {len(ids)} tokens; raise --vocab-size")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True, help="directory for the tokenizer files")
    parser.add_argument("--vocab-size", type=int, default=384, help="upper limit; merges end earlier")
    args = parser.parse_args()
    tokenizer = train_bpe(args.vocab_size)
    check(tokenizer)
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=BOS, eos_token=EOS, pad_token=PAD,
        model_max_length=CONTEXT, clean_up_tokenization_spaces=False,
        model_input_names=["input_ids", "attention_mask"])
    wrapped.chat_template = CHAT_TEMPLATE
    wrapped.save_pretrained(args.output, save_jinja_files=False)
    print(f"vocabulary {tokenizer.get_vocab_size()}")


if __name__ == "__main__":
    main()
