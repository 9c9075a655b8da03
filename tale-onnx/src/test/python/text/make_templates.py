"""Goldens of our own chat templates and of seeded programs, rendered by transformers.

python make_templates.py --output ../../resources/text     # 10 s

`templates/golden.json`: every `templates/*.jinja` with every conversation. `programs.json`: random programs of `programs.py`.
The clock of transformers is set to the date that Tale tells templates by default.
"""

import argparse
import datetime
import json
import pathlib

import programs
import transformers.utils.chat_template_utils as rendering


def turn(role, content):
    return {"role": role, "content": content}


CONVERSATIONS = {
    "user": [turn("user", "Which planet is largest?\nA. Mars\nB. Jupiter")],
    "few_shot": [turn("system", " Be brief. "), turn("user", "1 + 1 ="), turn("assistant", "2"), turn("user", "2 + 5 =")],
    "odd_text": [turn("user", "  {{ 7*7 }} {% if x %} <think>\u00e9\u0301 \U0001f468\u200d\U0001f469 'q' \"d\" \\n \t\r\n\u00a0 \x00 <|end|> ")],
    "thinking": [turn("user", "a"), turn("assistant", "<think>\nreason\n</think>\n\nanswer"), turn("user", "b"),
                 turn("assistant", "no </think> x </think> y"), turn("user", "False")],
    "false": [turn("system", "False"), turn("user", ""), turn("assistant", "0"), turn("user", "None")],
    "results": [turn("user", "<result>x</result>"), turn("tool", "1"), turn("tool", "2"), turn("user", "<result>y</result>")],
    "two_users": [turn("user", "a"), turn("user", "b")],
    "assistant_first": [turn("assistant", "hello"), turn("user", "hi")],
    "unknown_role": [turn("narrator", "once"), turn("user", "b")],
}


ANSWER_STARTS = ["", "The best answer is", " So: "]


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 26)


def outcome(template, messages, **variables):
    try:
        rendered, _ = rendering.render_jinja_template([messages], chat_template=template, **variables)
        return {"rendered": rendered[0]}
    except Exception as error:  # what a template raises is an outcome
        return {"error": f"{type(error).__name__}: {error}"}


def templates(folder):
    for file in sorted(folder.glob("*.jinja")):
        template = file.read_bytes().decode()
        for name, messages in CONVERSATIONS.items():
            for start in ANSWER_STARTS:
                yield {"template": file.name, "conversation": name, "messages": messages, "answerStart": start,
                       **answered(template, messages, start)}


def answered(template, messages, start):
    tokens = {"bos_token": "<s>", "eos_token": "</s>"}
    if not start:
        return outcome(template, messages, add_generation_prompt=True, **tokens)
    return outcome(template, [*messages, turn("assistant", start)], continue_final_message=True, **tokens)


def seeded_programs(seed, count):
    for program in programs.generate(seed, count):
        expected = outcome(program, programs.MESSAGES, add_generation_prompt=True, bos_token="<s>", **programs.VARIABLES)
        if "generator object" not in str(expected) and " object at 0x" not in str(expected):
            yield {"program": program, **expected}


def write(file, rows):
    lines = ",\n".join(json.dumps(row, ensure_ascii=True) for row in rows)
    file.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=pathlib.Path, required=True)
    output = parser.parse_args().output
    rendering.datetime = Clock
    write(output / "templates" / "golden.json", templates(output / "templates"))
    write(output / "programs.json", seeded_programs(seed=7, count=600))
