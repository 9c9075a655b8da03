"""Writes the Parquet files of dev.tale.data's tests, each with the same rows as JSON Lines beside it.

The schemas are those of Hugging Face data sets; the rows are our own. Made with pyarrow 26.0.1:

    python make_parquet.py ../resources/dev/tale/data
"""

import argparse
import decimal
import json
import pathlib

import pyarrow
import pyarrow.parquet

STRINGS = pyarrow.list_(pyarrow.string())

ARC = pyarrow.schema([
    ("id", pyarrow.string()),
    ("question", pyarrow.string()),
    ("choices", pyarrow.struct([("text", STRINGS), ("label", STRINGS)])),
    ("answerKey", pyarrow.string()),
])
ARC_ROWS = [
    {"id": f"row_{i}",
     "question": f"Which of these is {i}?\nChoose \"one\". \u2019\U0001F600",
     "choices": {"text": [str(i + j) for j in range(3 + i % 3)],
                 "label": ["A", "B", "C", "D", "E"][:3 + i % 3] if i % 2 else
                          ["1", "2", "3", "4", "5"][:3 + i % 3]},
     "answerKey": "A" if i % 2 else "1"}
    for i in range(7)
]

BOOLQ = pyarrow.schema([
    ("question", pyarrow.string()),
    ("answer", pyarrow.bool_()),
    ("passage", pyarrow.string()),
])
BOOLQ_ROWS = [
    {"question": f"is {i} even", "answer": i % 2 == 0, "passage": "NA" if i == 3 else "A number. " * i}
    for i in range(9)
]

MMLU = pyarrow.schema([
    ("question", pyarrow.string()),
    ("subject", pyarrow.dictionary(pyarrow.int32(), pyarrow.string())),
    ("choices", STRINGS),
    ("answer", pyarrow.int64()),
])
MMLU_ROWS = [
    {"question": f"{i} + 1 =", "subject": "sums" if i < 12 else "more_sums",
     "choices": [str(i), str(i + 1), "None", ""], "answer": 1}
    for i in range(20)
]

VALUES = pyarrow.schema([
    ("text", pyarrow.string()),
    ("truth", pyarrow.bool_()),
    ("whole", pyarrow.int64()),
    ("unsigned", pyarrow.uint64()),
    ("target", pyarrow.float64()),
    ("single", pyarrow.float32()),
    ("price", pyarrow.decimal128(20, 2)),
    ("lists", pyarrow.list_(STRINGS)),
    ("group", pyarrow.struct([("a", pyarrow.int32()), ("b", STRINGS)])),
])
VALUES_ROWS = [
    {"text": "", "truth": True, "whole": 2 ** 53 + 1, "unsigned": 2 ** 64 - 1,
     "target": 9284017268534.4, "single": 0.5, "price": decimal.Decimal("123456.78"),
     "lists": [["a", None], []], "group": {"a": 1, "b": ["x"]}},
    {"text": None, "truth": None, "whole": None, "unsigned": None, "target": None, "single": None,
     "price": None, "lists": None, "group": None},
    {"text": "tab\tquote\"nul\u0000 \u2028", "truth": False, "whole": -2 ** 63, "unsigned": 0,
     "target": -0.1, "single": -1.5, "price": decimal.Decimal("-0.01"),
     "lists": [None, [""]], "group": {"a": None, "b": None}},
    {"text": "None", "truth": True, "whole": 0, "unsigned": 1, "target": 1e300, "single": 3.0,
     "price": decimal.Decimal("5.00"), "lists": [], "group": {"a": -7, "b": []}},
]

NAMES = pyarrow.schema([("a", pyarrow.string()), ("A", pyarrow.string())])
BYTES = pyarrow.schema([("image", pyarrow.binary())])
NUMBERS = pyarrow.schema([("target", pyarrow.float64())])
DEPTH = 12


def write(folder, name, schema, rows, **options):
    """Writes `rows` as Parquet."""
    table = pyarrow.Table.from_pylist(rows, schema=schema)
    pyarrow.parquet.write_table(table, folder / f"{name}.parquet", **options)


def write_both(folder, name, schema, rows, **options):
    """Writes `rows` as Parquet and as JSON Lines."""
    write(folder, name, schema, rows, **options)
    with open(folder / f"{name}.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            print(to_json(row), file=out)


def to_json(value):
    """JSON that writes decimals as they are."""
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {to_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(to_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def nested(depth):
    """A list in a list, `depth` times."""
    kind, value = pyarrow.int64(), 1
    for _ in range(depth):
        kind, value = pyarrow.list_(kind), [value]
    return pyarrow.schema([("deep", kind)]), [{"deep": value}]


def main():
    """Writes every file into the folder that is given."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=pathlib.Path)
    folder = arguments.parse_args().folder
    write_both(folder, "arc", ARC, ARC_ROWS, compression="snappy", row_group_size=3)
    write_both(folder, "boolq", BOOLQ, BOOLQ_ROWS, compression="zstd", data_page_version="2.0")
    write_both(folder, "mmlu", MMLU, MMLU_ROWS, compression="gzip", row_group_size=6)
    write_both(folder, "values", VALUES, VALUES_ROWS, compression="none", use_dictionary=False)
    write(folder, "no-rows", NAMES.remove(1), [])
    write(folder, "same-names", NAMES, [{"a": "1", "A": "2"}])
    write(folder, "bytes", BYTES, [{"image": b"\xff\x00"}])
    write(folder, "not-a-number", NUMBERS, [{"target": 1.0}, {"target": float("nan")}])
    write(folder, "deep", *nested(DEPTH))


if __name__ == "__main__":
    main()
