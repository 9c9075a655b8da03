"""What lm-evaluation-harness makes of answers to mathematics problems and of generated texts."""

import hashlib
import importlib.util
import json
import pathlib
import random
import re
import sys
import types

ROOT = pathlib.Path(importlib.util.find_spec("lm_eval").origin).parent

ANSWERS = [
    "", " ", "0", "7", "-7", "+7", "007", "0.5", ".5", "-.5", "0.50", "1.", "1,000", "1,000,000",
    "12,34", "0,1", "-1,234", "1 000", "1{,}000", "1,\\!000", "10\\,000", "3.0", "18.0",
    "\\frac12", "\\frac1b", "\\frac{1}{2}", "\\frac1{72}", "\\frac{72}1", "\\tfrac12", "\\dfrac{3}{4}",
    "\\frac", "\\frac1", "a\\frac", "\\frac\\frac12", "\\frac{a}{\\frac12}", "-\\frac12", "\\frac 12",
    "1/2", "-1/2", "1/-2", "+1/2", "01/2", "1_0/2", "x/2", "2/x", "1/2/3", "/", "1/", "/2", " 1 / 2 ",
    "1/2\t", "-0/5", "\u0663/4", "a/b", "\\frac{1}{2}/3", "\\sqrt3", "\\sqrt{3}", "\\sqrt3x", "2\\sqrt2+\\sqrt5",
    "\\sqrt", "\\sqrt\\sqrt2", "\\sqrt[3]8", "\\sqrt[3]{8}", "\\sqrt 2", "\\sqrt[3]x+\\sqrt y",
    "x=5", "x = 5", "xy=5", "xyz=5", "x=y=5", "=5", "5=", "\U0001d465=5", "k = \\frac12",
    "90^\\circ", "90^{\\circ}", "90 degrees", "45^\\circ\\text{ C}", "50\\%", "50%", "\\$50", "$50$", "\\$3.50",
    "5\\text{ cm}", "5 \\text{ cm}^2", "5\\text{ a}\\text{ b}", "5\\mbox{ cm}", "5\\text{cm}", "5 cm", "5cm",
    "2\\pi cm", "2\\picm", "\\left(1,2\\right)", "\\left( 4, \\frac{\\pi}{5} \\right)", "(1, 2)", "(1,2)",
    "\\left[-3, 8\\right)", "\\{1,2\\}", "[1,2]", "\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}", "a\\\\b",
    "\\text{even}", "\\text{(A)}", "\\textbf{(A)}", "\\text{a} \\text{b}", "\\overline{AB}", "0.\\overline{3}",
    "\\boxed{7}", "\\boxed{\\boxed{7}}", "the answer is $7$", "$1$ or $2$", "$7", "7$", "$$7$$",
    "an apple", "a b", "banana boat", "square", "5 square units", "5 units", "\\text{m}", "5\\text{m}", "1, 2, \\text{and} 3",
    "1,2,\\text{and}3", "six feet", "\\left\\{x\\right\\}", "left", "draft", "a ft b", "3 ft.", "3\\;ft", "3\\ ft",
    "12 \\mathrm{th}", "12\\mathrm{th}", "\\ldots", "1,2,\\dots,9", "\"x\"", "\\text{s}", "\\text{.}",
    "\\text{\n}", "\\text{\ns}", "\\text{}^2", "5\\text{}^3", "a=b", "f(x)=x^2+1", "x \\in [1,2]", "x^2 + 1", "x^{2}+1",
    "\\pi", "2\\pi", "\\frac{\\pi}{3}", "\\infty", "-\\infty", "\\tan y", "6!", "e^{i\\pi}", "u - v", "13\\sqrt3",
    "\U0001f600", "\\frac\U0001f6002", "\\sqrt\U0001f600", "\u00b2cm", "5\u00b2 cm", "e\u0301cm", "caf\u00e9 cm", "\u00a05\u00a0",
    "1\n2", "\n", "tfrac", "dtfrac12", "ttfrac12", "\\\\\\frac12", "\\!\\!5", "{.5}", "x .5", "{.5}/{.5}", "\\%", "5\\%%",
    "childrentickets", "5 childrentickets", "sue", "issue", "km/h", "5 km/h", "5 mph", "cents", "3 cents", "percents",
]

PIECES = [
    "\\frac", "\\sqrt", "\\text{ ", "\\text{", "\\left", "\\right", "\\%", "\\$", "^\\circ", "^{\\circ}", "\\!", "\\\\",
    "tfrac", "dfrac", "{", "}", "{", "}", "[", "]", "(", ")", "/", "=", "$", " ", " ", ".", ",", "-", "0", "1", "23",
    "a", "x", "cm", "ft", "ways", "square", "a ", "an ", "\\boxed{", "\\overline{", "\\mathrm{th}", "\\;", "\\dots", "\n",
    "\u00e9", "\U0001f600",
]

SOLUTIONS = [
    "", "no box", "so \\boxed{7}.", "\\boxed{1} and \\boxed{2}", "\\boxed{\\frac{1}{2}}", "\\boxed{a{b}c}", "\\boxed{open",
    "\\boxed 5$ and more", "\\boxed 5", "$\\boxed 5$ then \\boxed{6}", "\\boxed{6} then \\boxed 5 is", "\\boxed{}",
    "x\\boxed{7}y}", "\\boxed{\n7\n}", "\\boxed{\\{1\\}}", "\\boxed{a} \\boxed{b", "\\boxed", "\\boxed{\\fbox{3}}",
]

ENDINGS = [
    "Final Answer: The final answer is $7$. I hope it is correct.", "Final Answer: The final answer is $7$.",
    "Final Answer: The final answer is $7$. ", "Final Answer: The final answer is $7$", "Final Answer: The final answer is 7",
    "The final answer is $7$. I hope it is correct.", "Final Answer: The final answer is 7. Final Answer: The final answer is 8. ",
    "Final Answer: The final answer is\n7. I hope it is correct.", "Final Answer: The final answer is 7\n. I hope it is correct.",
    "Final Answer: The final answer is  \\frac12  . I hope it is correct. And $9$.", "", "$7$", "Final Answer: The final answer is",
    "Final Answer: The final answer is7! I hope it is correct.", "Final Answer: The final answer isXI hope it is correct.",
    "a $1$ b $2$ c", "no dollars", "one $ only", "$$", "$", "x$y$z", "Final Answer: The final answer is $[3,6)$. I hope it is correct.",
    "Final Answer: The final answer is 12 units\u2028. I hope it is correct.",
]

# Each a list of texts that mean the same to a mathematician.
SAME = [
    ["\\frac{1}{2}", "0.5", "1/2", ".5", "\\frac{2}{4}", "0.50"], ["-\\frac{1}{2}", "-0.5", "-1/2", "\\frac{-1}{2}"],
    ["7", "7.0", "\\frac{14}{2}", "14/2", "+7", "07"], ["x+1", "1+x"], ["(1,2)", "(1, 2)"], ["2\\sqrt{2}", "\\sqrt{8}"],
    ["1000", "1,000"], ["0", "-0", "0.0", "\\frac{0}{3}"], ["", "\\text{}"], ["12345678901234567890", "12345678901234567890.0"],
]

# Numbers that the harness' algebra can read, some of one value.
NUMBERS = [
    "0", "-0", "0.0", "0/3", "7", "-7", "7.00", "14/2", "-14/2", "\\frac{-14}{2}", "-\\frac{14}{-2}", "\\dfrac{14}{2}",
    "0.1", "\\frac{1}{10}", "0.3333333333333333", "\\frac{1}{3}", "12345678901234567890", "12345678901234567891",
]

PATTERNS = [
    (r"#### (\-?[0-9\.\,]+)", 0), (r"(-?[$0-9.,]{2,})|(-?[0-9]+)", -1), (r"The answer is (\-?[0-9\.\,]+).", 0),
    (r"\b(True|False)\b", 0), (r"\b(True|False)\b", -1), (r"(?<=the answer is )(.*)(?=.)", 0),
    (r"((?<=The answer is )(.*)(?=.)|(?<=the answer is )(.*)(?=.)|(?<=The answer: )(.*)(?=.)|(?<=The final answer: )(.*)(?=.))", 0),
    (r"The final answer is ((-?[$0-9.,]{2,})|(-?[0-9]+))", -1), (r"\w+", 0), (r"\w+", -1), (r"\w+", 1), (r"\d+", -1), (r"\s+", 0),
    (r"\S+", 1), (r"\W", 0), (r"^.*$", 0), (r"a*", 0), (r"a*", -1), (r"(a)|(b)|(c)", -1), (r"(x)?(y)?", 0), (r"(q)?", 0),
    (r"[[a]", 0), (r"[a&&b]+", 0), (r"[\w$]+", -1), (r"(?P<one>[a-z])(?P=one)", 0), (r"(?P<a_b>\d)-(?P=a_b)", 0), (r"is\Z", 0),
    (r"x{,2}y", 0), (r"{a}", 0), (r"(?i)TRUE", 0), (r"(?s)is.*", 0), (r"(?m)^\w+$", -1), (r"[^\W\d_]+", -1), (r"\bé\b", 0), (r"[\d,]+\.?", -1),
    (r"a{2}", 0), (r"[]a]+", 0), (r"[^]a]+", 0), (r"\$(\d+)", 0), (r"(?:\()([A-D])(?:\))", 0), (r"[\s]+", -1), (r"[\S]+", 0),
]

TEXTS = [
    "", " ", "so 8 * 3 = $24\n#### 24", "#### -1,234.50 and #### 7", "The answer is 42.", "The answer is 42", "the answer is True.",
    "The final answer is $1,000.", "The final answer is 7", "True", "It is False, not True", "untrue Truely False", "answer: 3.5. or 4",
    "$5 and -$6", "-", ",.", "..", "7", "aa b aaa", "abc", "xy yx y", "[a] a&b", "11 22", "aa 1-1", "this is", "this is\n", "xxxy {a}",
    "caf\u00e9 \u00e9 \u4e2d\u6587 \u0663\u0664", "x\u00b2 \u00bd \u2167 e\u0301 a_b", "\u00a0a\u2003b\u2028c\x1cd\x85e", "line one\nline two\r\nthree\n",
    "\U0001f600 ok", "]a] ]", "the answer is (B). The answer: (C). The final answer: (D).", "Q: next", "a$12b", "\u0130stanbul TRUE", "aAaA",
]

EXACT = [
    dict(), dict(ignore_case=True), dict(ignore_punctuation=True), dict(ignore_case=True, ignore_punctuation=True),
    dict(regexes_to_ignore=[",", r"\$", r"(?s).*#### ", r"\.$"], ignore_case=True),
    dict(regexes_to_ignore=[r"\.$", ",", "\n", r"\\", '"'], ignore_case=True),
]

PAIRS = [
    ("18", "so 6 * 3\n#### 18"), ("$1,800.", "1800"), ("18.0", "18"), ("True", "true"), ("true.", "True"), (" True", "True"),
    ("a-b", "ab"), ("a\u2019b", "ab"), ("a'b", "ab"), ("STRASSE", "stra\u00dfe"), ("\u03a3\u03a3", "\u03c3\u03c2"),
    ("T\\rue\n\"", "true"), ("18.\n", "18"), ("", "."), ("#### 5 #### 6", "6"), ("", ""),
]


def module(task):
    # The module asks for the data set library at its import, for a type.
    sys.modules.setdefault("datasets", types.SimpleNamespace(Dataset=object))
    path = ROOT / "tasks" / task / "utils.py"
    spec = importlib.util.spec_from_file_location(task, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception:
        return None


def generated(seed, count):
    draw = random.Random(seed)
    return ["".join(draw.choices(PIECES, k=draw.randint(1, 9))) for _ in range(count)]


def boxed(hendrycks, solution):
    return attempt(lambda: hendrycks.remove_boxed(hendrycks.last_boxed_only_string(solution)))


def dollars(hendrycks, text):
    """The answer that process_results takes, seen through what it compares with."""
    seen = []
    kept, hendrycks.is_equiv = hendrycks.is_equiv, lambda answer, gold: seen.append(answer)
    hendrycks.process_results({"solution": "\\boxed{0}"}, [text])
    hendrycks.is_equiv = kept
    return seen[0]


def digest(texts):
    return hashlib.sha256("\x00".join(str(text) for text in texts).encode()).hexdigest()


def real(hendrycks, minerva, path):
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    boxes = [boxed(hendrycks, row["solution"]) for row in rows]
    return {
        "rows": len(rows),
        "solutions": digest(row["solution"] for row in rows),
        "boxed": digest(boxes),
        "hendrycks": digest(attempt(hendrycks.strip_string, box) for box in boxes),
        "minerva": digest(minerva.normalize_final_answer(box) for box in boxes),
        "finalAnswers": digest(
            minerva.normalize_final_answer(
                minerva.get_unnormalized_answer(f"Final Answer: The final answer is ${box}$. I hope it is correct."))
            for box in boxes),
    }


def mathematics(data):
    hendrycks, minerva = module("hendrycks_math"), module("minerva_math")
    answers = ANSWERS + generated(1, 300)
    draw = random.Random(2)
    pairs = [[a, b] for same in SAME for a in same for b in same]
    pairs += [[draw.choice(ANSWERS), draw.choice(ANSWERS)] for _ in range(100)] + [[a, a] for a in ANSWERS]
    golden = {
        "hendrycks": [[a, attempt(hendrycks.strip_string, a)] for a in answers],
        "minerva": [[a, minerva.normalize_final_answer(a)] for a in answers],
        "boxed": [[s, boxed(hendrycks, s)] for s in SOLUTIONS + generated(3, 100)],
        "dollars": [[t, dollars(hendrycks, t)] for t in ENDINGS],
        "final": [[t, minerva.normalize_final_answer(minerva.get_unnormalized_answer(t))] for t in ENDINGS],
        "hendrycksEqual": [[a, b, hendrycks.is_equiv(a, b)] for a, b in pairs],
        "minervaEqual": [
            [a, b, bool(minerva.is_equiv(a, b))] for same in SAME + [NUMBERS] for a in same for b in same],
    }
    return golden | ({"mathFile": real(hendrycks, minerva, data)} if data else {})


def filters():
    sys.path.insert(0, str(ROOT.parent))
    from lm_eval.api.metrics import exact_match_hf_evaluate
    from lm_eval.filters.extraction import RegexFilter, WhitespaceFilter
    from lm_eval.filters.transformation import LowercaseFilter, UppercaseFilter

    def one(filter_, text):
        return attempt(lambda: list(filter_.apply([[text]], [{}]))[0][0])

    return {
        "regex": [[p, g, [[t, one(RegexFilter(p, g), t)] for t in TEXTS]] for p, g in PATTERNS],
        "trimmed": [[t, one(WhitespaceFilter(), t)] for t in TEXTS],
        "lowerCase": [[t, one(LowercaseFilter(), t)] for t in TEXTS],
        "upperCase": [[t, one(UppercaseFilter(), t)] for t in TEXTS],
        "exactMatch": [
            [o.get("regexes_to_ignore", []), o.get("ignore_case", False), o.get("ignore_punctuation", False),
             [[a, b, bool(exact_match_hf_evaluate([a], [b], **o)["exact_match"])] for a, b in PAIRS]]
            for o in EXACT],
    }


def write(path, golden):
    path.write_text(json.dumps(golden, indent=0, ensure_ascii=True) + "\n", encoding="utf-8")


def main():
    out = pathlib.Path(sys.argv[1])
    data = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    target = out / "math" / "harness.json"
    golden = mathematics(data)
    if not data and target.exists():
        golden["mathFile"] = json.loads(target.read_text(encoding="utf-8"))["mathFile"]
    write(target, golden)
    write(out / "task" / "harness.json", filters())


main()
