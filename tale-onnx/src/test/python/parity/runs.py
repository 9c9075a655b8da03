"""What is compared: every data file with its task of the harness, shots, and chat templates."""

import dataclasses
import pathlib

import yaml

import conversions

RESOURCES = pathlib.Path(__file__).resolve().parents[5] / "tale-core/src/main/resources/dev/tale/benchmark"

MAX_NEW_TOKENS = 64
SYSTEM = "Answer in one word."
START = "The best answer is"
BYTES_TOO = [{"metric": name, "aggregation": "mean", "higher_is_better": True} for name in ("acc", "acc_norm", "acc_bytes")]

ARC_EASY_TEST, ARC_EASY_DEV = "arc/arc_easy_test.ai2.jsonl", "arc/arc_easy_validation.hf.jsonl"
ARC_CHALLENGE_TEST, ARC_CHALLENGE_DEV = "arc/arc_challenge_test.ai2.jsonl", "arc/arc_challenge_validation.hf.jsonl"
BOOLQ_TRAIN = "boolq/boolq_train32.superglue_fewglue.jsonl"
BOOLQ = ("boolq/boolq_dev.original.jsonl", "boolq/boolq_validation.hf.jsonl", "boolq/boolq_val.superglue.jsonl", BOOLQ_TRAIN)
QA_TRAIN = "commonsense_qa/train_rand_split_first100.original.jsonl"
QA = ("commonsense_qa/dev_rand_split.original.jsonl", "commonsense_qa/commonsense_qa_validation.hf.jsonl", QA_TRAIN)
WINOGRANDE_TRAIN = "winogrande/winogrande_train_xs.original.jsonl"
WINOGRANDE = ("winogrande/winogrande_dev.original.jsonl", "winogrande/winogrande_xl_validation.hf.jsonl", WINOGRANDE_TRAIN)
HELLASWAG = "hellaswag/hellaswag_val_subset.original.jsonl"
HELLASWAG_PROCESSED = "hellaswag/hellaswag_val_olmes_docs.repo-schema.jsonl"
MMLU_DEV, MMLU_TEST = "mmlu/mmlu_dev_all_subjects.hf.jsonl", "mmlu/mmlu_test_first6_per_subject.hf.jsonl"
MMLU_VALIDATION = "mmlu/mmlu_validation_first6_per_subject.hf.jsonl"
CHEMISTRY, CHEMISTRY_DEV = "mmlu/high_school_chemistry_test.csv", "mmlu/high_school_chemistry_dev.csv"
MMLU = (MMLU_TEST, MMLU_VALIDATION, MMLU_DEV, CHEMISTRY, CHEMISTRY_DEV, "mmlu/abstract_algebra_test.csv", "mmlu/sociology_test.csv")
BBH = "bbh/boolean_expressions.json"
BBH_OTHERS = ("date_understanding", "navigate", "object_counting", "web_of_lies", "word_sorting")
GSM8K_TEST, GSM8K_TRAIN = "gsm8k/gsm8k_test.original.jsonl", "gsm8k/gsm8k_train_first100.original.jsonl"
GSM_HARD, MATH500 = "gsm_hard/gsmhardv2.original.jsonl", "math500/math500_test.original.jsonl"


@dataclasses.dataclass(frozen=True)
class Run:
    """One task over one file. Shots are the first of the pool; the pool may be the file itself."""

    task: str
    file: str
    convert: object
    shots: int | None = 0  # None: as many as the harness's file says, from where it says
    pool: str | None = None
    chat: bool = False
    turns: bool = False
    system: str | None = None
    start: str | None = None  # of every answer of the assistant: the harness's gen_prefix
    overrides: dict = dataclasses.field(default_factory=dict)

    @property
    def name(self):
        """A file name: task, data file, and what differs from the plain form."""
        stem = self.file.rsplit("/", 1)[1].removesuffix(".jsonl").removesuffix(".json").replace(".", "_")
        marks = [f"{self.shots}shot" if self.shots else "", "own" if self.pool == self.file else "",
                 "chat" if self.chat else "", "turns" if self.turns else "", "system" if self.system else "", "start" if self.start else ""]
        return "-".join(filter(None, [self.task, stem, *marks]))


def all_runs():
    return [*choices(), *generations(), *chats(), *choices_with_shots()]


def choices():
    for task, files in (("arc_easy", (ARC_EASY_TEST, ARC_EASY_DEV)), ("arc_challenge", (ARC_CHALLENGE_TEST, ARC_CHALLENGE_DEV))):
        for file in files:
            yield Run(task, file, conversions.arc, overrides={"metric_list": BYTES_TOO})
    yield from (Run("boolq", file, conversions.boolq) for file in BOOLQ)
    yield from (Run("commonsense_qa", file, conversions.arc) for file in QA)
    yield from (Run("winogrande", file, conversions.winogrande) for file in WINOGRANDE)
    yield Run("hellaswag", HELLASWAG, conversions.hellaswag, overrides={"metric_list": BYTES_TOO})
    yield Run("hellaswag", HELLASWAG_PROCESSED, conversions.hellaswag_processed, overrides={"process_docs": None})
    yield from (Run("mmlu", file, conversions.mmlu) for file in MMLU)
    yield Run("leaderboard_bbh_boolean_expressions", BBH, conversions.big_bench_hard, shots=None)


def choices_with_shots():
    yield Run("arc_easy", ARC_EASY_TEST, conversions.arc, 5, ARC_EASY_DEV)
    yield Run("arc_challenge", ARC_CHALLENGE_DEV, conversions.arc, 3, ARC_CHALLENGE_DEV)
    yield Run("boolq", BOOLQ[0], conversions.boolq, 2, BOOLQ_TRAIN)
    yield Run("commonsense_qa", QA[0], conversions.arc, 3, QA_TRAIN)
    yield Run("winogrande", WINOGRANDE[0], conversions.winogrande, 5, WINOGRANDE_TRAIN)
    yield Run("hellaswag", HELLASWAG, conversions.hellaswag, 2, HELLASWAG)
    yield Run("mmlu", MMLU_TEST, conversions.mmlu, 5, MMLU_DEV)
    yield Run("mmlu", CHEMISTRY, conversions.mmlu, 5, CHEMISTRY_DEV)


def chats():
    yield Run("arc_easy", ARC_EASY_TEST, conversions.arc, chat=True)
    yield Run("winogrande", WINOGRANDE[0], conversions.winogrande, chat=True)
    for turns in (False, True):
        yield Run("arc_easy", ARC_EASY_TEST, conversions.arc, 3, ARC_EASY_DEV, chat=True, turns=turns)
        yield Run("arc_easy", ARC_EASY_TEST, conversions.arc, 3, ARC_EASY_DEV, chat=True, turns=turns, start=START)
        yield Run("mmlu", CHEMISTRY, conversions.mmlu, 5, CHEMISTRY_DEV, chat=True, turns=turns, system=SYSTEM)
        yield Run("gsm8k", GSM8K_TEST, conversions.as_they_are, 2, GSM8K_TRAIN, chat=True, turns=turns)
        yield Run("winogrande", WINOGRANDE[0], conversions.winogrande, 2, WINOGRANDE_TRAIN, chat=True, turns=turns)


def generations():
    for form in ("zeroshot", "fewshot", "cot_zeroshot"):
        yield Run(f"bbh_{form}_boolean_expressions", BBH, conversions.big_bench_hard, shots=None)
    yield Run("bbh_cot_fewshot_boolean_expressions", BBH, conversions.big_bench_hard, shots=None,
              overrides={"fewshot_config": {"sampler": "first_n", "samples": own_reasoning()}})
    for subject in BBH_OTHERS:
        yield Run(f"bbh_zeroshot_{subject}", f"bbh/{subject}.json", conversions.big_bench_hard)
    yield from (Run("gsm8k", file, conversions.as_they_are) for file in (GSM8K_TEST, GSM8K_TRAIN))
    yield Run("gsm8k", GSM8K_TEST, conversions.as_they_are, 5, GSM8K_TRAIN)
    yield Run("gsm8k_cot_zeroshot", GSM8K_TEST, conversions.as_they_are)
    yield Run("gsm8k", GSM_HARD, conversions.gsm_hard)
    yield Run("gsm8k", GSM_HARD, conversions.gsm_hard, 5, GSM8K_TRAIN)
    yield Run("hendrycks_math500", MATH500, conversions.as_they_are)
    yield Run("hendrycks_math500", MATH500, conversions.as_they_are, 3, MATH500)
    yield Run("minerva_math500", MATH500, conversions.as_they_are)


def own_reasoning():
    """Tale words the three worked examples of the harness anew; here both take Tale's."""
    text = (RESOURCES / "bbh_boolean_expressions_cot_fewshot.yaml").read_text(encoding="utf-8")
    return [{"input": row["input"], "target": row["target"]} for row in yaml.safe_load(text)["shots"]["examples"]]
