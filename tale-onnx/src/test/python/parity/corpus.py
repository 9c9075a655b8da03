"""Seeded text in the shape of the benchmarks: what tiny-tasks is trained on. No row of any benchmark is in it."""

import random

NAMES = "Ada Ben Cleo Dan Eva Finn Gus Hana Ivo June Kai Lena Max Nora Otto Pia Quinn Rosa Sam Tess".split()
THINGS = ("apples books cards coins cups eggs flags keys lamps maps nuts pens plates shells shirts stamps stones tickets toys trees").split()
VERBS = "buys finds gives away loses makes sells uses".replace("gives away", "gives_away").split()
MORE = {"buys", "finds", "makes"}
NOUNS = ("animal answer bird cell child city cloud color day energy family farmer fire fish flower food forest game glass ground "
         "heat house language law leaf light machine metal moon mountain number ocean paper person plant power price rain river "
         "road rock school sea season soil sound star state stone student sun surface teacher temperature time town tree water "
         "wave weather wind winter wood word world year").split()
ADJECTIVES = ("bright cold common dark deep dry early fast flat free full good great green heavy high hot large late light long "
              "low new old open quick rich short slow small soft strong warm wet wide young").split()
ACTIONS = ("becomes begins carries changes covers follows forms gives grows helps holds keeps leaves makes meets moves needs "
           "produces reaches shows takes turns uses").split()
LINKS = "and because before but if or so that until when where which while".split()
LETTERS = "ABCDE"


def phrase(rng):
    article = rng.choice(("a", "the", "the", "this", "one", "some", "its"))
    return " ".join([article, *([rng.choice(ADJECTIVES)] if rng.random() < 0.4 else []), rng.choice(NOUNS)])


def clause(rng):
    tail = rng.choice(("in", "of", "on", "from", "with", "to", "by", "for", "at"))
    return f"{phrase(rng)} {rng.choice(ACTIONS)} {phrase(rng)}" + (f" {tail} {phrase(rng)}" if rng.random() < 0.5 else "")


def sentence(rng):
    text = clause(rng)
    while rng.random() < 0.3:
        text += f"{rng.choice((',', '')) } {rng.choice(LINKS)} {clause(rng)}"
    return text[0].upper() + text[1:]


def question(rng):
    start = rng.choice(("What", "Which", "Why", "How", "When", "Where"))
    return f"{start} {rng.choice(('is', 'does', 'can', 'would'))} {clause(rng)}?"


def story(rng):
    """A sum in words: its question, the reasoning, the result."""
    name, thing = rng.choice(NAMES), rng.choice(THINGS)
    total = rng.randint(2, 40)
    told, reasoned = [f"{name} has {total} {thing}."], []
    for _ in range(rng.randint(1, 3)):
        verb, n = rng.choice(VERBS), rng.randint(2, 20)
        sign = "+" if verb in MORE or n > total else "-"
        verb = verb if (sign == "+") == (verb in MORE) else "finds"
        result = total + n if sign == "+" else total - n
        told.append(f"Then {rng.choice((name, 'he', 'she'))} {verb.replace('_', ' ')} {n} {rng.choice(('more ', ''))}{thing}.")
        reasoned.append((total, sign, n, result))
        total = result
    rng_end = rng.choice(("now", "in total", "at the end", "left"))
    return " ".join(told) + f" How many {thing} does {name} have {rng_end}?", reasoned, total


def steps(rng, reasoned, marked):
    lines = []
    for a, sign, b, c in reasoned:
        mark = f"<<{a}{sign}{b}={c}>>" if marked else ""
        lines.append(f"{rng.choice(('There are', 'That makes', 'So there are'))} {a} {sign} {b} = {mark}{c}")
    return lines


def grade_school(rng):
    asked, reasoned, total = story(rng)
    answer = "\n".join(steps(rng, reasoned, marked=True) + [f"#### {total:,}"])
    return f"Question: {asked}\nAnswer: {answer}\n\n"


def chain_of_thought(rng):
    asked, reasoned, total = story(rng)
    opening = rng.choice(("", " Let's think step by step."))
    return f"Q: {asked}\nA:{opening} {'. '.join(steps(rng, reasoned, False))}. The answer is {total}.\n\n"


def final_answer(rng):
    asked, reasoned, total = story(rng)
    return f"Problem: {asked}\nAnswer: {'. '.join(steps(rng, reasoned, False))}. The final answer is {total}\n\n"


def boolean(rng, depth=2):
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(("True", "False"))
    left, right = boolean(rng, depth - 1), boolean(rng, depth - 1)
    return rng.choice((f"not {left}", f"( {left} )", f"{left} and {right}", f"{left} or {right}"))


def boolean_row(rng):
    expression = boolean(rng, 3)
    value = eval(expression)  # of our own making: True, False, not, and, or, brackets
    form = rng.random()
    if form < 0.5:
        return f"Q: {expression} is\nA: {value}\n\n"
    reason = f"Z = {expression} = {value}"
    return f"Q: {expression} is\nA: Let's think step by step.{rng.choice((' ', chr(10)))}{reason}. So the answer is {value}.\n\n"


def mathematics(rng):
    a, b, c = rng.randint(1, 20), rng.randint(1, 20), rng.randint(2, 9)
    asked, value = rng.choice((
        (f"What is ${a} + {b}$?", f"{a + b}"), (f"Compute $\\frac{{{a}}}{{{c}}}$.", f"\\frac{{{a}}}{{{c}}}"),
        (f"Find $x$ if $x - {a} = {b}$.", f"{a + b}"), (f"Simplify $\\sqrt{{{a * a}}}$.", f"{a}"),
        (f"Which point is ${a}$ right of $(0, {b})$?", f"({a}, {b})"), (f"What is ${c}$ times $x$?", f"{c}x")))
    if rng.random() < 0.5:
        return f"Problem: {asked}\nAnswer: ${value}$\n\n"
    last = f"Final Answer: The final answer is ${value}$. I hope it is correct."
    return f"Problem:\n{asked}\n\nSolution: We have $\\boxed{{{value}}}$.\n{last}\n\n"


def letters(rng):
    n = rng.choice((4, 4, 5))
    options = [rng.choice((phrase(rng), str(rng.randint(0, 99)), clause(rng))) for _ in range(n)]
    listed = "\n".join(f"{letter}. {option}" for letter, option in zip(LETTERS, options))
    opening = rng.choice(("", "Question: "))
    return f"{opening}{question(rng)}\n{listed}\nAnswer: {rng.choice(LETTERS[:n])}\n\n"


def completion(rng):
    return f"Question: {question(rng)}\nAnswer: {rng.choice((phrase(rng), clause(rng)))}\n\n"


def yes_or_no(rng):
    passage = " ".join(sentence(rng) + "." for _ in range(rng.randint(2, 5)))
    return f"{phrase(rng)} -- {passage}\nQuestion: {rng.choice(('is', 'can', 'does'))} {clause(rng)}?\nAnswer: {rng.choice(('yes', 'no'))}\n\n"


def prose(rng):
    return " ".join(sentence(rng) + rng.choice(".....!?;") for _ in range(rng.randint(2, 6))) + "\n\n"


KINDS = (grade_school, grade_school, chain_of_thought, chain_of_thought, final_answer, boolean_row, boolean_row,
         mathematics, mathematics, letters, completion, yes_or_no, prose)


def turns(rng, kind):
    """The same row as a conversation."""
    text = kind(rng).strip()
    cut = text.find("A:") if text.startswith("Q:") else text.find("Answer:")
    if cut < 0:
        cut = max(text.find("Solution:"), 0)
    return f"<|user|>\n{text[:cut]}<|end|>\n<|assistant|>\n{text[cut:]}<|end|>\n"


def document(rng):
    """Some rows of one kind, as few-shot prompts have them."""
    kind, n = rng.choice(KINDS), rng.choice((1, 1, 2, 3, 5))
    if rng.random() < 0.15:
        return "".join(turns(rng, kind) for _ in range(n))
    return "".join(kind(rng) for _ in range(n))


def documents(seed):
    rng = random.Random(seed)
    while True:
        yield document(rng)
