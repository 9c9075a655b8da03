"""What the harness's filters and metrics make of given texts: every row is answered in all the forms of candidates.json.

A line per row: SHA-256 of all extracted answers, and whether each is right, by filter.
"""

import argparse
import json
import pathlib
import re

import parity
import runs
from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager
from lm_eval.tasks.hendrycks_math import utils as hendrycks

FORMS = {"gsm8k": "gsm8k", "gsm8k_cot_zeroshot": "gsm8k", "hendrycks_math500": "math", "minerva_math500": "math",
         "bbh_zeroshot_boolean_expressions": "bbh", "bbh_cot_zeroshot_boolean_expressions": "bbh"}
REFERENCES = {"gsm8k": lambda row: re.sub(r"(?s).*#### ", "", row["answer"]),
              "math": lambda row: hendrycks.remove_boxed(hendrycks.last_boxed_only_string(row["solution"])),
              "bbh": lambda row: row["target"]}


class Given(LM):
    """Generates what it is told to, by row."""

    def __init__(self, texts):
        super().__init__()
        self.texts = texts

    def generate_until(self, requests, disable_tqdm=False):
        return [self.texts[request.doc_id] for request in requests]

    def loglikelihood(self, requests, disable_tqdm=False):
        raise NotImplementedError

    loglikelihood_rolling = loglikelihood


def answered(form, reference):
    old, new = form.get("replace", ("", ""))
    return form["text"].replace("{answer}", reference.replace(old, new) if old else reference)


def judged(run, data, index, forms):
    """By row, by filter: pairs of the extracted answer and whether it is right."""
    rows = run.convert(data / run.file)
    references = [REFERENCES[FORMS[run.task]](row) for row in rows]
    found = [{} for _ in rows]
    for form in forms:
        model = Given([answered(form, reference) for reference in references])
        results, all_parts, _ = parity.evaluate(run, model, data, index)
        for position, samples in parity.rows_of(all_parts[0], results["samples"]).items():
            for sample in samples:
                pair = (parity.answer(run, sample), bool(sample["exact_match"] == 1))
                found[position].setdefault(sample["filter"], []).append(pair)
    return found


def line(row):
    return {"answers": {name: parity.sha256(*(text for text, _ in pairs)) for name, pairs in row.items()},
            "correct": {name: "".join("01"[right] for _, right in pairs) for name, pairs in row.items()}}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, default=parity.RESOURCES / "parity")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    candidates = json.loads((parity.RESOURCES / "parity" / "candidates.json").read_text(encoding="utf-8"))
    index = TaskManager().task_index
    for run in runs.all_runs():
        if run.task in FORMS and not run.shots and not run.chat and run.file != runs.GSM_HARD and args.only in run.name:
            rows = [line(row) for row in judged(run, args.data, index, candidates[FORMS[run.task]])]
            text = "".join(json.dumps(row) + "\n" for row in rows)
            (args.output / f"{run.name}-answers.jsonl").write_text(text, encoding="utf-8", newline="\n")
            print(run.name, {n: sum(r["correct"][n].count("1") for r in rows) for n in rows[0]["correct"]}, flush=True)


if __name__ == "__main__":
    main()
