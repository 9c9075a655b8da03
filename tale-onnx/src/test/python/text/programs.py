"""Random Jinja programs over a few values: expressions, white space control, loops, macros, set blocks."""

import random

MESSAGES = [{"role": "system", "content": "Sys  "}, {"role": "user", "content": "False"},
            {"role": "assistant", "content": "<think>\nq</think>\n\nA {{ x }}"}]
VARIABLES = {"s": "Hello wOrld", "t": "", "n": 3, "z": 0, "f": 2.5, "b": True, "l": ["b", "a", "c"], "e": [],
             "d": {"a": 1, "b": "two", "c": None}, "m": {"role": "user", "content": " hi "}, "mixed": [1, "2", None, False]}

TEXTS = ["''", "'a'", "\"Ab c\"", "'a.b.c'", "' x '", "'\\n y\\t'", "'False'", "'0'", "'e\u0301'", "'\U0001f600z'", "'it\\'s'",
         '"q\\"uo"', "'\\x41\\u00e9'", "'<|a|>'"]
NAMES = [*VARIABLES, "missing", "messages", "none", "true", "false", "loop", "ns", "bos_token", "x"]
NUMBERS = ["0", "1", "2", "3", "7", "-1", "2.5", "0.0", "10"]
OPERATORS = ["+", "~", "-", "*", "//", "/", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]
TESTS = ["defined", "undefined", "none", "string", "mapping", "iterable", "sequence", "number", "integer", "float", "boolean",
         "true", "false", "odd", "even", "eq 'a'", "in l", "divisibleby 2"]
FILTERS = ["length", "trim", "upper", "lower", "title", "string", "first", "last", "list", "reverse|list", "int", "abs", "tojson",
           "tojson(indent=2)", "default('q')", "d('q', true)", "join('-')", "replace('a', 'bb')", "items|list", "capitalize",
           "map(attribute='role')|list", "map('upper')|list", "select('string')|list", "reject('none')|list", "trim('ax')",
           "selectattr('role', 'equalto', 'user')|list", "rejectattr('role')|list", "count"]
METHODS = ["strip()", "lstrip('\\n')", "rstrip()", "strip('ax ')", "split('.')", "split()", "split('l')[-1]", "split('a', 1)",
           "rsplit('.', 1)", "startswith('a')", "endswith(('z', ' '))", "upper()", "lower()", "capitalize()", "replace('a', '')",
           "join(l)", "find('b')", "count('l')", "items()|list", "keys()|list", "values()|list", "get('a')", "get('zz', 5)",
           "removeprefix('a')", "removesuffix('c')", "isdigit()"]
OTHERS = ["loop.index0", "loop.first", "loop.last", "loop.revindex", "loop.previtem", "loop.nextitem", "loop.cycle('a', 'b')",
          "range(3)|list", "range(n, 0, -1)|list", "namespace(a=1).a", "dict(a=1)", "strftime_now('%d %b %Y')", "ns.x",
          "messages[-1].content", "messages|length - 1", "messages[0]['role']"]
GAPS = ["a", " ", "\n", "  \n ", "\t", "x y", "\n\n", " b\n  ", "{", "}", "%", "#", "{ %", "\r\n", "\u00e9\u00a0 ", "'", "\\n"]
LOOPS = ["messages", "l", "s", "d", "messages[1:]", "messages[::-1]", "e", "range(3)", "mixed", "[1, 2]"]


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, choices):
        return self.random.choice(choices)

    def value(self, depth=0):
        kind = self.random.randrange(26)
        if depth > 3 or kind < 5:
            return self.one(TEXTS)
        inner = lambda: self.value(depth + 1)
        if kind < 10:
            return self.one(NAMES)
        if kind < 12:
            return self.one(NUMBERS)
        if kind < 15:
            return f"{inner()} {self.one(OPERATORS)} {inner()}"
        if kind == 15:
            return f"({inner()})"
        if kind == 16:
            return f"not {inner()}"
        if kind == 17:
            return f"({inner()} if {inner()}" + (f" else {inner()})" if self.random.random() < 0.7 else ")")
        if kind == 18:
            return f"{self.one(NAMES)}.{self.one(['role', 'content', 'a', 'x', '0'])}"
        if kind == 19:
            return f"{self.one(NAMES[:11])}[{inner()}]"
        if kind == 20:
            return f"{self.one(['s', 't', 'l', 'messages', 'mixed'])}[{self.bound()}:{self.bound()}{self.one(['', ':', ':-1', ':2', ':-2'])}]"
        if kind == 21:
            return f"({inner()}) is {self.one(['', 'not '])}{self.one(TESTS)}"
        if kind < 24:
            return f"({inner()})|{self.one(FILTERS)}" if kind == 22 else f"({inner()}).{self.one(METHODS)}"
        if kind == 24:
            return self.one([f"[{inner()}, {inner()}]", "{" + f"{self.one(TEXTS)}: {inner()}" + "}", f"({inner()}, {inner()})", f"-{inner()}"])
        return self.one(OTHERS)

    def bound(self):
        return self.one(["", "", "1", "2", "-1", "-2", "0", "5", "n"])

    def tag(self, text):
        return "{%" + self.one(["", "", "-", "-", "+"]) + f" {text} " + self.one(["", "", "-", "+"]) + "%}"

    def output(self, text):
        return "{{" + self.one(["", "", "-"]) + f" {text} " + self.one(["", "", "-"]) + "}}"

    def gap(self):
        return "".join(self.one(GAPS) for _ in range(self.random.randrange(4)))

    def body(self, depth):
        return self.gap() + "".join(self.statement(depth + 1) for _ in range(self.random.randrange(1, 3))) + self.gap()

    def statement(self, depth=0):
        kind = 0 if depth > 2 else self.random.randrange(12)
        if kind < 4:
            return self.gap() + self.output(self.value(1)) + self.gap()
        if kind == 4:
            more = self.tag(f"elif {self.value(1)}") + self.body(depth) if self.random.random() < 0.4 else ""
            last = self.tag("else") + self.body(depth) if self.random.random() < 0.5 else ""
            return self.tag(f"if {self.value(1)}") + self.body(depth) + more + last + self.tag("endif")
        if kind == 5:
            condition = f" if {self.value(2)}" if self.random.random() < 0.3 else ""
            return self.tag(f"for {self.one(['x', 'm', 'i'])} in {self.one(LOOPS)}{condition}") + self.body(depth) + self.tag("endfor")
        if kind == 6:
            return self.tag(f"for k, v in {self.one(['d.items()', 'd|items', '[(1, 2), (3, 4)]'])}") + self.body(depth) + self.output("k") + self.tag("endfor")
        if kind == 7:
            return self.tag(f"set {self.one(['x', 's', 'n', 'y'])} = {self.value(1)}")
        if kind == 8:
            return self.tag(f"set ns = namespace(x={self.value(2)})") + self.tag(f"set ns.x = {self.value(2)}")
        if kind == 9:
            return "{#" + self.one(["", "-", "+"]) + " c {{ x }} " + self.one(["", "-"]) + "#}"
        if kind == 10:
            return self.one([self.tag("generation") + self.body(depth) + self.tag("endgeneration"),
                             self.tag("set y") + self.body(depth) + self.tag("endset")])
        return self.one([self.tag("raw") + " {{ raw }} {% x %}\n " + self.tag("endraw"),
                         self.tag("macro f(a, b='q')") + self.body(depth) + self.output("a ~ b") + self.tag("endmacro") + self.output(f"f({self.value(2)})")])


def generate(seed, count):
    writer = Writer(seed)
    for i in range(count):
        if i % 2:
            yield "".join(writer.statement() for _ in range(writer.random.randrange(1, 4))) + writer.one(["", "\n", "\n\n"])
        else:
            yield writer.output(writer.value())
