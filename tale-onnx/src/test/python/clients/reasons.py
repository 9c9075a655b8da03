"""Why a client does not run an original. Only what is listed here counts as unsupported; anything else
that goes wrong with an original is a failure of the table."""

import re

NO_GENAI_CONFIG = "no genai_config.json"
SYMBOLIC_HEAD = "takes the symbolic head size of the cache (`kv_cache_dim`) as 0"
CACHE_HEADS = "takes the number of the cache's heads from num_attention_heads"
# Of the fixture's making, not of the client's: each family needs another fixture without this reason.
LAYOUT = (NO_GENAI_CONFIG,)

TEXTS = (
    ("onnxruntime-genai", r"genai_config\.json", NO_GENAI_CONFIG),
    ("onnxruntime-genai", r"runs decoders only", "runs decoders only"),
    ("transformers.js", r"got 0 expected \d+|kv_cache_dim", SYMBOLIC_HEAD),
    ("Optimum", r"Got invalid dimensions for input: past_key_values", CACHE_HEADS),
)


def known(client, error):
    """The reason in words, or None."""
    return next((words for name, pattern, words in TEXTS if name == client and re.search(pattern, error)), None)


def brief(error, length=160):
    """The first line of an error, for a cell of the table."""
    line = error.strip().splitlines()[0].replace("|", "/")
    return line if len(line) <= length else line[:length] + "..."
