"""What transformers adds around a text where tokenizer_config.json and tokenizer.json say different things.

python special_token_settings.py --kinds ../../resources/text/kinds --output ../../resources/text/settings.json    # transformers 4.57.6

Each row: `tokenizer_class`, `add_bos_token` and `add_eos_token` of tokenizer_config.json ("unset" where there is none), whether the
post-processor of tokenizer.json adds `<s>`, and the ids that AutoTokenizer gives `a`.
"""

import argparse
import itertools
import json
import pathlib
import tempfile

from transformers import AutoTokenizer

CLASSES = ["LlamaTokenizer", "LlamaTokenizerFast", "CodeLlamaTokenizer", "GemmaTokenizer", "CohereTokenizer", "GPTNeoXTokenizer", "GPT2Tokenizer", "Qwen2Tokenizer",
           "PreTrainedTokenizerFast", "BloomTokenizer"]
UNSET = "unset"


def rows(kinds):
    state = json.loads((kinds / "llama2.json").read_text())
    for name, bos, eos, adds in itertools.product(CLASSES, [UNSET, True, False, None], [UNSET, True, False], [True, False]):
        settings = {"tokenizer_class": name, "bos_token": "<s>", "eos_token": {"__type": "AddedToken", "content": "</s>", "lstrip": False,
                    "normalized": False, "rstrip": False, "single_word": False, "special": True}, "unk_token": "<unk>", "pad_token": "<unk>"}
        settings |= {key: value for key, value in (("add_bos_token", bos), ("add_eos_token", eos)) if value is not UNSET}
        with tempfile.TemporaryDirectory() as directory:
            folder = pathlib.Path(directory)
            (folder / "tokenizer_config.json").write_text(json.dumps(settings))
            (folder / "tokenizer.json").write_text(json.dumps(state if adds else state | {"post_processor": None}))
            yield [name, bos, eos, adds, AutoTokenizer.from_pretrained(directory).encode("a")]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kinds", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.output.write_text("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows(arguments.kinds)) + "\n]\n")
