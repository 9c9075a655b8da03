"""Runs lm-evaluation-harness on the tiny model over the data files, and writes what it asked, answered and scored.

One file per run: a line about the run, then a line per row. Texts of data sets stay out of it: requests are written as
SHA-256, generated texts too; extracted answers as they are while they are short.
"""

import argparse
import hashlib
import json
import os
import pathlib
import shutil
import sys
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HOME=tempfile.mkdtemp(), TOKENIZERS_PARALLELISM="false",
                  TQDM_DISABLE="1", LMEVAL_LOG_LEVEL="ERROR")

import datasets  # noqa: E402
import lm_eval  # noqa: E402
import torch  # noqa: E402
import yaml  # noqa: E402
from lm_eval.models.huggingface import HFLM  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402
from lm_eval.tasks.minerva_math import utils as minerva  # noqa: E402

import conversions  # noqa: E402
import runs  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import onnx_weights  # noqa: E402

RESOURCES = HERE.parent.parent / "resources"
SHORT = 40
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "generation_config.json")


def harness_model(directory, batch):
    """The harness's Hugging Face backend with the weights read back from the ONNX file."""
    checkpoint = pathlib.Path(tempfile.mkdtemp())
    onnx_weights.load(directory).save_pretrained(checkpoint)
    for name in TOKENIZER_FILES:
        shutil.copy(directory / name, checkpoint / name)
    return HFLM(pretrained=str(checkpoint), device="cpu", dtype="float32", batch_size=batch)


class Part:
    """The rows of one harness task: all of a file, or those of one subject of MMLU."""

    def __init__(self, run, task, rows, positions, pool):
        self.run, self.task, self.rows, self.positions, self.pool = run, task, rows, positions, pool
        self.label = f"{run.name}__{task}"

    def write(self, folder, index):
        """The harness's own description, with the data and the shots taken from here."""
        files = {"test": str(folder / f"{self.label}.test.jsonl")}
        conversions.write(self.rows, files["test"])
        settings = {"include": str(index[self.task].yaml_path), "task": self.label, "dataset_path": "json",
                    "dataset_name": None, "training_split": None, "validation_split": None, "test_split": "test",
                    "fewshot_split": None, **self.run.overrides}
        if self.run.start:
            settings["gen_prefix"] = self.run.start
        if self.run.shots is not None:
            settings["num_fewshot"] = self.run.shots
        if self.run.pool == self.run.file:
            settings["fewshot_split"] = "test"
        elif self.run.pool:
            files["train"] = str(folder / f"{self.label}.train.jsonl")
            conversions.write(self.pool, files["train"])
            settings.update(training_split="train", fewshot_split="train")
        if self.run.pool:
            settings["fewshot_config"] = {"sampler": "first_n"}
        settings["dataset_kwargs"] = {"data_files": files}
        (folder / f"{self.label}.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        for name, rows in (("test", self.rows), ("train", self.pool)):
            if name in files:
                check_read(files[name], rows)


def check_read(file, rows):
    """The reader of the harness guesses types; it must have guessed right."""
    if datasets.load_dataset("json", data_files=file, split="train").to_list() != rows:
        raise ValueError(f"{file} was not read as it was written")


def parts(run, data):
    rows = run.convert(data / run.file)
    pool = pool_rows(run, data)
    if run.task != "mmlu":
        return [Part(run, run.task, rows, range(len(rows)), pool)]
    subjects = list(dict.fromkeys(row["subject"] for row in rows))
    return [subject_part(run, subject, rows, pool) for subject in subjects]


def pool_rows(run, data):
    if run.pool is None:
        return []
    return (conversions.as_they_are if run.pool == runs.GSM8K_TRAIN else run.convert)(data / run.pool)


def subject_part(run, subject, rows, pool):
    positions = [i for i, row in enumerate(rows) if row["subject"] == subject]
    shots = [row for row in pool if row["subject"] == subject]
    return Part(run, f"mmlu_{subject}", [rows[i] for i in positions], positions, shots)


def evaluate(run, model, data, index):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        all_parts = parts(run, data)
        for part in all_parts:
            part.write(folder, index)
        names = [part.label for part in all_parts]
        asked = names[0] if len(names) == 1 else write_group(run, names, folder)
        loaded = TaskManager(include_path=str(folder), include_defaults=False).load([asked])
        for task in loaded["tasks"].values():
            if task.OUTPUT_TYPE == "generate_until":
                task.set_config("generation_kwargs", {"max_gen_toks": runs.MAX_NEW_TOKENS}, update=True)
        results = lm_eval.evaluate(lm=model, task_dict=loaded, apply_chat_template=run.chat, fewshot_as_multiturn=run.turns,
                                   system_instruction=run.system, log_samples=True)
    return results, all_parts, asked


def write_group(run, names, folder):
    """MMLU's own groups weigh every row the same."""
    group = {"group": run.name, "task": names, "aggregate_metric_list": [{"metric": "acc", "weight_by_size": True}]}
    (folder / "group.yaml").write_text(yaml.safe_dump(group), encoding="utf-8")
    return run.name


def sha256(*texts):
    """Every text ends in a NUL, so that no two lists give the same bytes."""
    return hashlib.sha256("".join(text + "\0" for text in texts).encode("utf-8")).hexdigest()


def scored_row(sample):
    likelihoods = [response[0][0] for response in sample["resps"]]
    return {"requests": sha256(*(text for context_and_choice in sample["arguments"] for text in context_and_choice)),
            "logLikelihoods": [round(value, 6) for value in likelihoods],
            "chosen": max(range(len(likelihoods)), key=likelihoods.__getitem__),
            "correct": {metric: bool(sample[metric] == 1) for metric in sample["metrics"]}}


def generated_row(run, samples):
    """The same row once per filter."""
    first = samples[0]
    return {"requests": sha256(first["arguments"][0][0]), "text": sha256(first["resps"][0][0]),
            "answers": {sample["filter"]: shortened(answer(run, sample)) for sample in samples},
            "correct": {sample["filter"]: bool(sample["exact_match"] == 1) for sample in samples}}


def answer(run, sample):
    """The mathematics tasks take the answer out of the text where they score it."""
    extraction = EXTRACTIONS.get(run.task, lambda text: text)
    return extraction(sample["filtered_resps"][0])


def between_dollars(text):
    first, last = text.find("$"), text.rfind("$")
    return text[first + 1:last] if first < last else text


def final_answer(text):
    return minerva.normalize_final_answer(minerva.get_unnormalized_answer(text))


EXTRACTIONS = {"hendrycks_math500": between_dollars, "minerva_math500": final_answer}


def shortened(text):
    return text if len(text) <= SHORT else "sha256:" + sha256(text)


def rows_of(part, samples):
    """By position in the file."""
    by_row = {}
    for sample in samples[part.label]:
        by_row.setdefault(sample["doc_id"], []).append(sample)
    return {part.positions[doc]: by_row[doc] for doc in by_row}


def summary(run, results, asked, tasks):
    versions = set(results["versions"].values())
    return {"name": run.name, "task": run.task, "file": run.file, "shots": run.shots, "pool": run.pool,
            "chat": run.chat, "turns": run.turns, "system": run.system, "answerStart": run.start,
            "maxNewTokens": runs.MAX_NEW_TOKENS, "harness": lm_eval.__version__,
            "version": str(min(versions, key=str)), "tasks": tasks, "scores": scores(results, asked)}


def scores(results, asked):
    """By metric where choices are scored, by filter where texts are."""
    figures = results.get("groups", {}).get(asked) or results["results"][asked]
    found = {}
    for key, value in figures.items():
        metric, _, name = key.partition(",")
        if name and not metric.endswith("_stderr") and metric != "math_verify":
            label = name if metric == "exact_match" else metric
            found[label] = {"value": round(float(value), 12), "stderr": round(float(figures[f"{metric}_stderr,{name}"]), 12)}
    return found


def compact(run, results, all_parts, asked):
    samples = {}
    for part in all_parts:
        samples.update(rows_of(part, results["samples"]))
    generated = isinstance(samples[0][0]["resps"][0][0], str)
    rows = [generated_row(run, s) if generated else scored_row(s[0]) for _, s in sorted(samples.items())]
    return [summary(run, results, asked, len(all_parts)), *rows], samples


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="the folder with arc/, boolq/ and so on")
    parser.add_argument("--model", type=pathlib.Path, default=RESOURCES / "models" / "tiny-tasks")
    parser.add_argument("--output", type=pathlib.Path, default=RESOURCES / "parity")
    parser.add_argument("--texts", type=pathlib.Path, help="also write requests and answers in full there; not to be committed")
    parser.add_argument("--only", default="", help="runs whose name contains this")
    parser.add_argument("--missing", action="store_true", help="only runs that have no results yet")
    parser.add_argument("--batch", type=int, default=8)
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.output.mkdir(parents=True, exist_ok=True)
    model, index = harness_model(args.model, args.batch), TaskManager().task_index
    for run in runs.all_runs():
        done = args.missing and (args.output / f"{run.name}.jsonl").exists()
        if args.only in run.name and not done:
            record(run, model, index, args)
    names = [run.name for run in runs.all_runs() if (args.output / f"{run.name}.jsonl").exists()]
    (args.output / "index.json").write_text(json.dumps(names, indent=1) + "\n", encoding="utf-8", newline="\n")


def record(run, model, index, args):
    lines, samples = compact(run, *evaluate(run, model, args.data, index))
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (args.output / f"{run.name}.jsonl").write_text(text, encoding="utf-8", newline="\n")
    if args.texts:
        args.texts.mkdir(parents=True, exist_ok=True)
        full = [[{key: s[key] for key in ("filter", "arguments", "resps", "filtered_resps", "target")} for s in row]
                for _, row in sorted(samples.items())]
        (args.texts / f"{run.name}.json").write_text(json.dumps(full, indent=1, default=str), encoding="utf-8")
    print(run.name, len(lines) - 1, lines[0]["scores"], flush=True)


if __name__ == "__main__":
    main()
