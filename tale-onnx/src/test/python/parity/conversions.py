"""Rows of the original releases to the schema that the harness reads; rows already in it stay as they are."""

import csv
import json
import pathlib


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def as_they_are(path):
    return lines(path)


def arc(path):
    """Also CommonsenseQA: both nest the question."""
    return [nested(row) if isinstance(row["question"], dict) else row for row in lines(path)]


def nested(row):
    question = row["question"]
    choices = {"text": [c["text"] for c in question["choices"]], "label": [c["label"] for c in question["choices"]]}
    return {"id": row["id"], "question": question["stem"], "choices": choices, "answerKey": row.get("answerKey", "")}


def boolq(path):
    """SuperGLUE's: the title in front of the passage where the file has one, an index as label."""
    return [super_glue(row, index) for index, row in enumerate(lines(path))]


def super_glue(row, index):
    passage = f"{row['title']} -- {row['passage']}" if "title" in row else row["passage"]
    label = row["answer"] if "answer" in row else row["label"]
    truth = {"true": 1, "false": 0, True: 1, False: 0}[label]
    return {"question": row["question"], "passage": passage, "idx": index, "label": truth}


def winogrande(path):
    return [{key: row[key] for key in ("sentence", "option1", "option2", "answer")} for row in lines(path)]


def hellaswag(path):
    return [{**row, "label": str(row["label"])} for row in lines(path)]


def hellaswag_processed(path):
    """Rows that went through the harness's process_docs before they were published."""
    return [{"query": row["query"], "choices": row["choices"], "label": str(row["gold"])} for row in lines(path)]


def mmlu(path):
    """The release has no header, and the subject in the name of the file."""
    if path.suffix != ".csv":
        return lines(path)
    subject = path.stem.rsplit("_", 1)[0]
    with path.open(encoding="utf-8", newline="") as file:
        return [{"question": row[0], "subject": subject, "choices": row[1:5], "answer": "ABCD".index(row[5])}
                for row in csv.reader(file, strict=True)]


def big_bench_hard(path):
    return json.loads(path.read_text(encoding="utf-8"))["examples"]


def gsm_hard(path):
    """Put into the fields of GSM8K: the harness has no task for it."""
    return [{"question": row["input"], "answer": f"#### {row['target']}"} for row in lines(path)]


def write(rows, path):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    pathlib.Path(path).write_text(text, encoding="utf-8", newline="\n")
