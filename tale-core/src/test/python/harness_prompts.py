"""The prompts that lm-evaluation-harness makes of rows and shots, as texts and as conversations."""

import itertools
import json
import pathlib
import sys
import types

POOL = [
    {"text": "S1?", "choices": ["no", "yes"], "gold": 1},
    {"text": "S2?", "choices": ["no", "yes"], "gold": 0},
]
ROW = {"text": "Q?", "choices": ["no", "yes"], "gold": 0}
CONTEXT_POOL = [
    {"text": 1, "choices": ["The cat", "The mat"], "gold": "was sat on."},
    {"text": 0, "choices": ["A dog", "A log"], "gold": "barked."},
]
CONTEXT_ROW = {"text": 0, "choices": ["My hat", "My bat"], "gold": "flew away."}

DESCRIPTIONS = ["", "Answer.\n\n", "Answer."]
SYSTEMS = [None, "Be brief."]
ANSWER_STARTS = [None, "It is", "It is: "]
DELIMITERS = [(" ", "\n\n"), ("\n=> ", " | "), ("", "\n")]


def task(harness, pool, contexts, description, start, delimiters):
    config = types.SimpleNamespace(
        description=description, target_delimiter=delimiters[0], fewshot_delimiter=delimiters[1], gen_prefix=start,
        doc_to_choice="choices", test_split="test", doc_to_image=None, doc_to_audio=None)
    made = types.SimpleNamespace(
        config=config, multiple_input=contexts, OUTPUT_TYPE="multiple_choice", _metric_fn_list={},
        sampler=types.SimpleNamespace(sample=lambda n, eval_doc: pool[:n]),
        fewshot_cfg=types.SimpleNamespace(
            split="train", doc_to_text="text", doc_to_choice="choices", doc_to_target="gold", gen_prefix=start,
            target_delimiter=delimiters[0], fewshot_delimiter=delimiters[1]),
        resolve_field=lambda doc, field: field,
        doc_to_text=lambda doc, field=None: doc["text"],
        doc_to_choice=lambda doc, field=None: doc["choices"],
        doc_to_target=lambda doc, field=None: doc["gold"])
    for name in "build_qa_turn", "multiple_input_context", "fewshot_context", "construct_requests":
        setattr(made, name, types.MethodType(getattr(harness, name), made))
    return made


def requests(harness, contexts, description, system, start, delimiters, shots, chat, turns):
    pool, row = (CONTEXT_POOL, CONTEXT_ROW) if contexts else (POOL, ROW)
    made = task(harness, pool, contexts, description, start, delimiters)
    context = made.fewshot_context(
        row, shots, system_instruction=system, apply_chat_template=chat, fewshot_as_multiturn=turns,
        chat_template=(lambda messages, add_generation_prompt: messages) if chat else None, gen_prefix=start)
    return [i.arguments for i in made.construct_requests(row, context, apply_chat_template=chat)]


def main():
    # The module asks for these at its import, for types.
    sys.modules.setdefault("datasets", types.ModuleType("datasets"))
    from lm_eval.api.task import ConfigurableTask

    plain = [
        [contexts, description, delimiters, shots,
         requests(ConfigurableTask, contexts, description, None, None, delimiters, shots, False, False)]
        for contexts, description, delimiters, shots
        in itertools.product([False, True], DESCRIPTIONS, DELIMITERS, [0, 2])]
    chat = [
        [contexts, description, delimiters, shots, system or "", start or "", turns,
         requests(ConfigurableTask, contexts, description, system, start, delimiters, shots, True, turns)]
        for contexts, description, delimiters, shots, system, start, turns
        in itertools.product([False, True], DESCRIPTIONS, DELIMITERS[:2], [0, 2], SYSTEMS, ANSWER_STARTS, [False, True])]
    out = pathlib.Path(sys.argv[1]) / "task" / "prompts.json"
    out.write_text(json.dumps({"plain": plain, "chat": chat}, ensure_ascii=True) + "\n", encoding="utf-8")


main()
