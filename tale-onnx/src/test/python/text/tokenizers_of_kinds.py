"""Tiny tokenizers of the kinds that language models use, trained on a few sentences of our own."""

import json

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SENTENCES = [
    "The river carried the old boat past the quiet mill, and nobody saw it.", "Which of the following is true? A. True B. False",
    "Question: what is 12 + 30? Answer: 42", "La rivière emportait la vieille barque; c'était l'été, déjà.",
    "Der Fluss trug das alte Boot an der Mühle vorbei, größer als gedacht.", "Il fiume portava la vecchia barca oltre il mulino.",
    "El río llevaba la barca vieja más allá del molino, ¿verdad?", "Река несла старую лодку мимо тихой мельницы.",
    "川は古い舟を静かな水車の先へ運んだ。", "河水把旧船带过了安静的磨坊。", "नदी पुरानी नाव को ले गई।", "النهر حمل القارب القديم.",
    "for i in range(10):\n    total += i\n\treturn total", "he said: \"it's done\", didn't he? they'll see, we've seen.",
    "one two three four five six seven eight nine ten", "2024 1999 100 3.14 -7 1,000,000", "not True and False or True is",
] * 3

LLAMA3_SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN_SPLIT = LLAMA3_SPLIT.replace(r"\p{N}{1,3}", r"\p{N}")


def special(*contents):
    return [AddedToken(content, special=True, normalized=False) for content in contents]


def beginning(token, tokenizer, end=""):
    ids = [(name, tokenizer.token_to_id(name)) for name in (token, end) if name]
    return processors.TemplateProcessing(single=f"{token} $A {end}".strip(), pair=f"{token} $A {end} {token}:1 $B:1".replace("  ", " "), special_tokens=ids)


def byte_level(split, normalizer, specials, words=()):
    """Byte-level BPE. `words` are tokens that no merge makes: only whole words find them."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=bool(words)))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(split), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=520, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    if words:
        state = json.loads(tokenizer.to_str())
        for word in words:
            state["model"]["vocab"].setdefault(word, len(state["model"]["vocab"]))
        tokenizer = Tokenizer.from_str(json.dumps(state))
    tokenizer.add_special_tokens(special(*specials))
    return tokenizer


def llama3():
    tokenizer = byte_level(LLAMA3_SPLIT, None, ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
                           words=["Ġelephant", "Zanzibar", "Ġ\u00d0\u00b4\u00d0\u00be\u00d0\u00bc"])
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), beginning("<|begin_of_text|>", tokenizer)])
    return tokenizer


def qwen():
    tokenizer = byte_level(QWEN_SPLIT, normalizers.NFC(), ["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    tokenizer.add_tokens([AddedToken(text, special=False, normalized=False) for text in ("<think>", "</think>", "<tool_call>")])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def sentence_pieces(first, normalizer=None, pre_tokenizer=None, decoder=None, extra=()):
    """BPE with byte fallback: pieces are learned on words with U+2581 for a space, then bytes are put in front."""
    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    learner.train_from_iterator(SENTENCES[:12], trainers.BpeTrainer(vocab_size=330, limit_alphabet=150, show_progress=False))
    learned = json.loads(learner.to_str())["model"]
    pieces = [*first, *(f"<0x{byte:02X}>" for byte in range(256)), *extra]
    pieces += [piece for piece in learned["vocab"] if piece not in pieces]
    tokenizer = Tokenizer(models.BPE(vocab={piece: i for i, piece in enumerate(pieces)}, merges=[tuple(merge) for merge in learned["merges"]],
                                     unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.add_special_tokens(special(*first, *extra))
    if normalizer:
        tokenizer.normalizer = normalizer
    if pre_tokenizer:
        tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoder or decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.post_processor = beginning("<s>", tokenizer)
    return tokenizer


def llama2():
    """The older form: U+2581 is put before every piece of text, after a special token too."""
    return sentence_pieces(["<unk>", "<s>", "</s>"], normalizer=normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]))


def mistral():
    """The newer form: U+2581 is put before the first piece of text only."""
    return sentence_pieces(["<unk>", "<s>", "</s>"], extra=["[INST]", "[/INST]", "[TOOL_CALLS]"],
                           pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme="first", split=False))


def lucie():
    """Normal forms, dropped control characters, and a space after what opens a bracket or quotation, taken back when decoding."""
    openings = ["\n", "\t", "(", "[", "/", "'", "\"", "«", "—"]
    spaced = [normalizers.Replace(Regex(rf"{'' if opening.isspace() else chr(92)}{opening}(?=[ \w])"), f"{opening} ") for opening in openings[:-2]]
    spaced += [normalizers.Replace(Regex(rf"{opening}(?=[ \w])"), f"{opening} ") for opening in openings[-2:]]
    normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"[\r\x00]"), ""), *spaced,
                                       normalizers.Prepend(" "), normalizers.Replace(Regex(r"[ \u00A0]"), "▁")])
    decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="always"), decoders.Fuse(),
                                 *(decoders.Replace(f"{opening} ", opening) for opening in openings)])
    return sentence_pieces(["<s>", "</s>", "<unk>", "<pad>"], normalizer=normalizer, decoder=decoder, extra=["<|start_header_id|>", "<|eot_id|>"])


def word_piece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(SENTENCES, trainers.WordPieceTrainer(vocab_size=500, special_tokens=names, show_progress=False))
    tokenizer.post_processor = beginning("[CLS]", tokenizer, "[SEP]")
    return tokenizer


KINDS = {"llama3": (llama3, "<|begin_of_text|>", "<|end_of_text|>"), "qwen": (qwen, None, "<|im_end|>"), "llama2": (llama2, "<s>", "</s>"),
         "mistral": (mistral, "<s>", "</s>"), "lucie": (lucie, "<s>", "</s>"), "word-piece": (word_piece, None, None)}
