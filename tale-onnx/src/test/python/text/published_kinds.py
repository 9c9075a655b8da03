"""Tiny tokenizers whose tokenizer.json has every part that those of published models have, in the shape they are published in.

python published_kinds.py --output ../../resources/text/kinds     # 10 s; transformers 4.57.6, tokenizers 0.22.2, sentencepiece 0.2.3

`KIND.json`: the tokenizer. `expected.json`: for each kind and text the ids and both decodings of transformers' PreTrainedTokenizerFast.
"""

import argparse
import io
import json
import pathlib
import tempfile

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from tokenizers_of_kinds import LLAMA3_SPLIT, QWEN_SPLIT, SENTENCES, beginning, sentence_pieces, special

LETTERS = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
CAPITALS = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
ENDINGS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K_SPLIT = (rf"[^\r\n\p{{L}}\p{{N}}]?{LETTERS}{ENDINGS}|[^\r\n\p{{L}}\p{{N}}]?{CAPITALS}{ENDINGS}"
               r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
DEEPSEEK_WORDS = "[一-龥\u3040-ゟ゠-ヿ]+"
DEEPSEEK_SPLIT = ("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                  "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+")
CLIP_SPLIT = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
BLOOM_SPLIT = " ?[^(\\s|[.,!?…。，、।۔،])]+"

TEXTS = ["", " ", "a", "The river carried the old boat.", "  two  spaces  ", "it's he'll WE'VE", "12345 1,000,000 -7 ½", "größer Größe e\u0301té", "ﬁ İstanbul Å",
         "Река несла 川は古い舟を 안녕 ไทย", "👨\u200d👩\u200d👧 👍🏽", "\x00a\x00 \x01\x7f\x85\u200b\ufeff", "\ufffd ▁x Ġ", "<s> [MASK]<mask> <|endoftext|> a</s>", "def f(x):\n    return {'a': [1]}\r\n\t\n",
         "``quoted'' text", "a" * 120, "\n\n  \n x", "川は"]


def byte_level_model(**settings):
    tokenizer = Tokenizer(models.BPE(**settings))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    suffix = settings.get("end_of_word_suffix")
    tokenizer.train_from_iterator(SENTENCES[:17], trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=alphabet, show_progress=False, **({"end_of_word_suffix": suffix} if suffix else {})))
    return tokenizer


def split_then_bytes(*patterns, behavior="isolated"):
    return pre_tokenizers.Sequence([*(pre_tokenizers.Split(Regex(each), behavior) for each in patterns),
                                    pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def gpt2():
    tokenizer = byte_level_model(continuing_subword_prefix="", end_of_word_suffix="")
    tokenizer.add_special_tokens(special("<|endoftext|>"))
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def roberta():
    tokenizer = byte_level_model()
    tokenizer.add_special_tokens([*special("<s>", "<pad>", "</s>", "<unk>"), AddedToken("<mask>", lstrip=True, normalized=False, special=True)])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", tokenizer.token_to_id("</s>")), ("<s>", tokenizer.token_to_id("<s>")))
    return tokenizer


def llama3():
    tokenizer = byte_level_model(ignore_merges=True)
    tokenizer.pre_tokenizer = split_then_bytes(LLAMA3_SPLIT)
    tokenizer.add_special_tokens(special("<|begin_of_text|>", "<|end_of_text|>", *(f"<|reserved_special_token_{i}|>" for i in range(8))))
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), beginning("<|begin_of_text|>", tokenizer)])
    return tokenizer


def qwen2():
    tokenizer = byte_level_model(continuing_subword_prefix="", end_of_word_suffix="")
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = split_then_bytes(QWEN_SPLIT)
    tokenizer.add_special_tokens(special("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
    tokenizer.post_processor = processors.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)
    return tokenizer


def gpt_neox():
    tokenizer = byte_level_model()
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.add_special_tokens(special("<|endoftext|>", "<|padding|>"))
    tokenizer.add_tokens([AddedToken(" " * n, normalized=True) for n in range(8, 1, -1)])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A:0", pair="$A:0 $B:1", special_tokens=[])
    return tokenizer


def smollm2():
    tokenizer = byte_level_model()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.add_special_tokens(special("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<repo_name>"))
    return tokenizer


def falcon():
    tokenizer = byte_level_model()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.ByteLevel(add_prefix_space=False),
                                                       pre_tokenizers.Digits(False), pre_tokenizers.Split(Regex("[0-9][0-9][0-9]"), "isolated")])
    tokenizer.add_special_tokens(special(">>TITLE<<", "<|endoftext|>"))
    return tokenizer


def o200k():
    tokenizer = byte_level_model()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(O200K_SPLIT), "removed", invert=True),
                                                       pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.add_special_tokens(special("<|endoftext|>"))
    return tokenizer


def deepseek():
    tokenizer = byte_level_model()
    tokenizer.normalizer = normalizers.Sequence([])
    tokenizer.pre_tokenizer = split_then_bytes(r"\p{N}{1,3}", DEEPSEEK_WORDS, DEEPSEEK_SPLIT)
    tokenizer.add_special_tokens(special("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"))
    tokenizer.add_tokens([AddedToken("<think>", normalized=False)])
    tokenizer.post_processor = beginning("<｜begin▁of▁sentence｜>", tokenizer)
    return tokenizer


def bloom():
    tokenizer = byte_level_model()
    tokenizer.pre_tokenizer = split_then_bytes(BLOOM_SPLIT)
    tokenizer.add_special_tokens(special("<unk>", "<s>", "</s>", "<pad>"))
    tokenizer.post_processor = processors.ByteLevel(add_prefix_space=True, trim_offsets=False)
    return tokenizer


def clip():
    tokenizer = byte_level_model(end_of_word_suffix="</w>", continuing_subword_prefix="", unk_token="!")
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(CLIP_SPLIT), "removed", invert=True),
                                                       pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.add_special_tokens(special("<|startoftext|>", "<|endoftext|>"))
    tokenizer.post_processor = processors.RobertaProcessing(("<|endoftext|>", tokenizer.token_to_id("<|endoftext|>")),
                                                            ("<|startoftext|>", tokenizer.token_to_id("<|startoftext|>")), False, False)
    return tokenizer


def llama2():
    return sentence_pieces(["<unk>", "<s>", "</s>"], normalizer=normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]))


def mistral():
    return sentence_pieces(["<unk>", "<s>", "</s>"], extra=["[INST]", "[/INST]"], pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme="first", split=False))


def gemma():
    tokenizer = sentence_pieces(["<pad>", "<eos>", "<s>", "<unk>"], normalizer=normalizers.Replace(" ", "▁"),
                                pre_tokenizer=pre_tokenizers.Split(" ", "merged_with_previous"),
                                decoder=decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]))
    tokenizer.add_tokens([AddedToken("\n" * n, normalized=False) for n in range(2, 5)])
    return tokenizer


def phi3():
    tokenizer = llama2()
    tokenizer.add_special_tokens([AddedToken("<|endoftext|>", normalized=False, special=True),
                                  *(AddedToken(name, rstrip=True, normalized=False, special=True) for name in ("<|assistant|>", "<|end|>", "<|user|>"))])
    tokenizer.add_tokens([AddedToken("</s>", rstrip=True, normalized=False)])
    return tokenizer


def bert():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(SENTENCES[:17], trainers.WordPieceTrainer(
        vocab_size=300, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    tokenizer.post_processor = beginning("[CLS]", tokenizer, "[SEP]")
    return tokenizer


def mpnet():
    tokenizer = bert()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", tokenizer.token_to_id("[SEP]")), ("[CLS]", tokenizer.token_to_id("[CLS]")))
    return tokenizer


def sentence_piece(first, byte_fallback=False):
    """A unigram model and its map of characters, as sentencepiece trains and writes them; the map is of a few rules, not all of NFKC."""
    with tempfile.TemporaryDirectory() as directory:
        rules = pathlib.Path(directory) / "rules.tsv"
        pairs = [("ﬁ", "fi"), ("½", "1⁄2"), ("\u3000", " "), ("\u0001", ""), ("\u200b", ""), ("e\u0301", "\u00e9"), ("\u212b", "Å"), ("\t", " "), ("\n", " "), ("\ufeff", "")]
        rules.write_text("".join(" ".join(f"{ord(c):X}" for c in a) + "\t" + " ".join(f"{ord(c):X}" for c in b) + "\n" for a, b in pairs))
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(SENTENCES[:17]), model_writer=model, vocab_size=180 + 256 * byte_fallback, model_type="unigram", byte_fallback=byte_fallback,
            normalization_rule_tsv=str(rules), hard_vocab_limit=False, character_coverage=0.98, unk_id=2, bos_id=-1, eos_id=1, pad_id=0, minloglevel=2)
        from sentencepiece import sentencepiece_model_pb2 as proto
        read = proto.ModelProto.FromString(model.getvalue())
    vocabulary = [(piece.piece, piece.score) for piece in read.pieces]
    pieces = {piece for piece, _ in vocabulary}
    vocabulary += [(piece, 0.0) for piece in first if piece not in pieces]
    return Tokenizer(models.Unigram(vocabulary, 2, byte_fallback)), read.normalizer_spec.precompiled_charsmap


def t5():
    tokenizer, charsmap = sentence_piece(["<extra_id_0>", "<extra_id_1>"])
    tokenizer.normalizer = normalizers.Precompiled(charsmap)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")])
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.add_special_tokens(special("<pad>", "</s>", "<unk>", "<extra_id_0>", "<extra_id_1>"))
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    return tokenizer


def albert():
    tokenizer, charsmap = sentence_piece(["[CLS]", "[SEP]", "[MASK]"])
    tokenizer.normalizer = normalizers.Sequence([normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(), normalizers.StripAccents(),
                                                 normalizers.Lowercase(), normalizers.Precompiled(charsmap), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.add_special_tokens([*special("<pad>", "<unk>", "[CLS]", "[SEP]"), AddedToken("[MASK]", lstrip=True, normalized=False, special=True)])
    tokenizer.post_processor = beginning("[CLS]", tokenizer, "[SEP]")
    return tokenizer


def xlm_roberta():
    tokenizer, charsmap = sentence_piece(["<s>", "<mask>"])
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.Precompiled(charsmap), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")])
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.add_special_tokens([*special("<s>", "<pad>", "</s>", "<unk>"), AddedToken("<mask>", lstrip=True, normalized=True, special=True)])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>",
                                                             special_tokens=[(name, tokenizer.token_to_id(name)) for name in ("<s>", "</s>")])
    return tokenizer


def deberta3():
    tokenizer, charsmap = sentence_piece(["[CLS]", "[SEP]"], byte_fallback=True)
    tokenizer.normalizer = normalizers.Sequence([normalizers.Strip(True, True), normalizers.Precompiled(charsmap), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Punctuation("isolated"), pre_tokenizers.Metaspace(prepend_scheme="always")])
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.add_special_tokens([*special("<pad>", "[CLS]", "[SEP]"), AddedToken("<unk>", normalized=True, special=True), AddedToken("[MASK]", normalized=True, special=True)])
    tokenizer.post_processor = beginning("[CLS]", tokenizer, "[SEP]")
    return tokenizer


def word_level():
    words = ["[UNK]", "river", "The", "old", "boat", "a", ".", "="]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens(special("[UNK]"))
    return tokenizer


def as_published(kind, state):
    """The oldest files have no type in the model, and merges as texts."""
    if kind in ("gpt2", "roberta", "bert", "falcon"):
        del state["model"]["type"]
    if "merges" in state["model"] and kind not in ("llama3", "gemma", "o200k"):
        state["model"]["merges"] = [" ".join(merge) for merge in state["model"]["merges"]]
        if kind == "gpt2":
            state["model"].pop("ignore_merges")
            state["model"].pop("byte_fallback")
    if kind == "t5":
        state["pre_tokenizer"]["pretokenizers"][1] = {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True}
        state["decoder"] = {"type": "Metaspace", "replacement": "▁", "str_rep": "▁", "add_prefix_space": True}
    return state


KINDS = [gpt2, roberta, llama2, llama3, mistral, qwen2, gemma, gpt_neox, bert, mpnet, t5, albert, xlm_roberta, deberta3, phi3, smollm2,
         falcon, o200k, deepseek, bloom, clip, word_level]


def expected(file):
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(file), clean_up_tokenization_spaces=False)
    for text in TEXTS:
        ids = tokenizer.encode(text)
        yield {"text": text, "ids": ids, "bare": tokenizer.encode(text, add_special_tokens=False),
               "decoded": tokenizer.decode(ids), "withoutSpecial": tokenizer.decode(ids, skip_special_tokens=True)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=pathlib.Path, required=True)
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    lines = []
    for make in KINDS:
        kind = make.__name__.replace("_", "-")
        file = output / f"{kind}.json"
        file.write_text(json.dumps(as_published(kind, json.loads(make().to_str())), separators=(",", ":")) + "\n")
        lines.append(f'"{kind}": [\n' + ",\n".join(json.dumps(row) for row in expected(file)) + "\n]")
        print(kind, file.stat().st_size)
    (output / "expected.json").write_text("{" + ",\n".join(lines) + "}\n")
