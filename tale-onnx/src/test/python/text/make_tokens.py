"""Goldens of tokenization: what transformers encodes and decodes, and how lm-evaluation-harness splits pairs.

python make_tokens.py --output ../../resources/text/tokens     # 20 s; transformers 4.57.6, tokenizers 0.22.2, lm_eval 0.4.13

`KIND/tokenizer.json`: the tokenizers of `tokenizers_of_kinds.py`. `KIND/tokens.json`: `texts`, each with its ids (`bare` without
what the tokenizer adds) and both decodings; `pairs`, each with the two lists of ids of the harness' own `_encode_pair`.
"""

import argparse
import json
import pathlib

from lm_eval.models.huggingface import HFLM
from tokenizers_of_kinds import KINDS
from transformers import PreTrainedTokenizerFast

TEXTS = [
    "", " ", "a", " a", "a ", "  two  spaces  ", "\n", "\n\n", " \n ", "\t\ttabs\tand\nlines\r\nwindows\rold", "     five", "x     y", "a\u00a0b\u2003c\u3000d",
    "The river carried the old boat.", "it's he'll WE'VE I'D don't", "12345 1,000,000 3.14159 -7 ½ ²", "True", " True", "Zanzibar elephant elephants Zanzibars дом дома",
    "größer Größe GRÖSSE ß ẞ", "e\u0301te\u0301 été", "\u0301lone combining", "a\u0300\u0301\u0302\u0303", "ﬁ ﬀ Å Å", "İstanbul ıI",
    "Река несла лодку", "川は古い舟を", "河水把旧船", "안녕하세요 \u1112\u1161\u11ab", "नदी पुरानी", "ไทยไม่มีช่องว่าง", "שלום עולם", "النهر حمل ١٢٣", "\u202eRTL\u202c \u200fmark",
    "👍", "👨\u200d👩\u200d👧\u200d👦 family", "👍🏽 🇫🇷 🏳\ufe0f\u200d🌈", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈 \U0001f9ff", "\x00", "a\x00b", "\x01\x02\x1f\x7f\x85", "\u200b zero\u200bwidth \ufeff bom",
    "\ufffd \ufffe \uffff", "▁meta▁space ▁", "Ġbyte Ċlevel", "<0x0A> <0xE2>", "<s>", "<s> a", "a<s>b", "</s>", "<|begin_of_text|>twice<|begin_of_text|>", "<|eot_id|><|start_header_id|>user",
    "<|im_start|>user\nhi<|im_end|>\n", "<think>\nx\n</think>", "[INST] hi [/INST]", "[CLS] a [SEP]", "[UNK] <unk> [MASK]", "<|endoftext", "< s >", "(a [b 'c \"d «e —f /g\n h\ti",
    "def f(x):\n    return {'a': [1, 2]}\n", "https://example.org/a?b=c&d=%20", "a" * 50, "supercalifragilisticexpialidocious" * 3, "!!!???...,,,;;;", "{{ x }} {% y %}",
    "Question: Which is true?\nA. True\nB. False\nAnswer:", "«été» — “oui” ‘non’", "\r\r\n\n\r", "  \n  \n  indented\n", "a\u2028b\u2029c", "x\u00ady",
]

CONTEXTS = ["Question: what is 12 + 30?\nAnswer:", "Answer: ", "Answer:\n", "it", "Zanz", "the riv", "a\u00a0", "a\u0085", "a\u001f ", "a\u2028\u3000", "e", "👨\u200d", "Q:\r\n",
            "<s> he", "tail  \t\n ", "(", "x\u200b", "<|begin_of_text|>he"]
CONTINUATIONS = [" 42", "42", "'s", "ibar", "er carried", " True", "\n\nB", "\u0301te", "👩\u200d👧", " ", "  a", "\u00a0b", "été", "川"]


def wrapped(tokenizer, bos, eos):
    names = {"bos_token": bos, "eos_token": eos}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, clean_up_tokenization_spaces=False, **{k: v for k, v in names.items() if v})


class Splitter(HFLM):
    """The harness' model without a model: what encodes and splits is its own."""

    backend = "causal"

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.add_bos_token = None
        self.custom_prefix_token_id = None

    @property
    def prefix_token_id(self):
        return self.tokenizer.bos_token_id if self.tokenizer.bos_token_id is not None else self.tokenizer.eos_token_id


def texts(tokenizer):
    for text in TEXTS:
        ids = tokenizer.encode(text)
        yield {"text": text, "ids": ids, "bare": tokenizer.encode(text, add_special_tokens=False),
               "decoded": tokenizer.decode(ids), "withoutSpecial": tokenizer.decode(ids, skip_special_tokens=True)}


def pairs(tokenizer):
    splitter = Splitter(tokenizer)
    for context in CONTEXTS:
        for continuation in CONTINUATIONS:
            before, after = splitter._encode_pair(context, continuation)
            yield {"context": context, "continuation": continuation, "before": before, "after": after}


def rows(values):
    return "[\n" + ",\n".join(json.dumps(value) for value in values) + "\n]"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=pathlib.Path, required=True)
    output = parser.parse_args().output
    for kind, (make, bos, eos) in KINDS.items():
        folder = output / kind
        folder.mkdir(parents=True, exist_ok=True)
        inner = make()
        (folder / "tokenizer.json").write_text(json.dumps(json.loads(inner.to_str()), separators=(",", ":"), ensure_ascii=True) + "\n")
        tokenizer = wrapped(inner, bos, eos)
        split = rows(pairs(tokenizer)) if eos else "[]"
        (folder / "tokens.json").write_text('{"texts": ' + rows(texts(tokenizer)) + ',\n"pairs": ' + split + "}\n")
        print(kind, inner.get_vocab_size())
