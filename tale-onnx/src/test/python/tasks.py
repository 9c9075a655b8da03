"""The four generated tasks of nano-llama, as rows of (input, target), and their prompt format."""

from boolean_expressions import SplitMix64, expression

KEYS = "abcde"
MODULI = (2, 10)
LIST_OPERATIONS = ("max", "min", "first", "last", "count")
TASKS = ("boolean", "modular", "lookup") + LIST_OPERATIONS
TRAINED_DEPTHS = (0, 1, 2, 3)


def boolean_row(rng, depth):
    """A boolean expression of the given depth."""
    text, value, _ = expression(SplitMix64(rng.getrandbits(64)), depth)
    return f"{text} is", str(value)


def modular_row(rng, moduli=MODULI):
    """One operation on two digits, reduced to a non-negative remainder."""
    a, b = rng.randrange(10), rng.randrange(10)
    operator, modulus = rng.choice("+-*"), rng.choice(moduli)
    value = {"+": a + b, "-": a - b, "*": a * b}[operator]
    return f"{a} {operator} {b} mod {modulus} is", str(value % modulus)


def lookup_row(rng, pairs=None, keys=KEYS):
    """Key = value pairs with distinct keys and distinct values, then one of the keys."""
    known = dictionary(rng, pairs or rng.randint(3, 4), keys)
    wanted = rng.randrange(len(known))
    return lookup_question(known, known[wanted][0]), str(known[wanted][1])


def dictionary(rng, pairs, keys=KEYS):
    return list(zip(rng.sample(keys, pairs), rng.sample(range(10), pairs)))


def lookup_question(known, key):
    return " , ".join(f"{k} = {v}" for k, v in known) + f" ; {key} is"


def list_row(rng, operation, n=None):
    """One operation on a list of three to six digits, or n."""
    n = n or rng.randint(3, 6)
    if operation == "count":
        return count_row(rng, n)
    values = [rng.randrange(10) for _ in range(n)]
    target = {"max": max(values), "min": min(values), "first": values[0], "last": values[-1]}
    return f"{operation} of {' '.join(map(str, values))} is", str(target[operation])


def count_row(rng, n):
    """How often a digit occurs; the count is drawn first, so that 0, 1, 2 and 3 are equally frequent."""
    wanted, occurrences = rng.randrange(10), rng.randint(0, 3)
    others = [d for d in range(10) if d != wanted]
    values = [wanted] * occurrences + [rng.choice(others) for _ in range(n - occurrences)]
    rng.shuffle(values)
    return f"count of {wanted} in {' '.join(map(str, values))} is", str(occurrences)


def row(rng, task):
    """One row of a task as it is trained and, in distribution, evaluated."""
    if task == "boolean":
        return boolean_row(rng, rng.choice(TRAINED_DEPTHS))
    if task == "modular":
        return modular_row(rng)
    if task == "lookup":
        return lookup_row(rng)
    return list_row(rng, task)


def prompt(text):
    """What stands before an answer."""
    return f"Q: {text}\nA:"


def few_shot(examples, text):
    """Answered rows of the same task, then a prompt."""
    return "".join(f"{prompt(x)} {y}\n\n" for x, y in examples) + prompt(text)
