"""Seeded boolean expressions, bit-identical to the Java generator of the same name.

The generator is SplitMix64 as in java.util.SplittableRandom.nextLong(), so that rows written here
and rows generated in Java from the same (depth, n, seed) are the same text in the same order.
"""

import argparse
import json

MASK = (1 << 64) - 1
MAX_REJECTED = 10_000


class SplitMix64:
    """java.util.SplittableRandom(seed).nextLong() and a bounded draw on top of it."""

    def __init__(self, seed):
        self.state = seed & MASK

    def next_long(self):
        """The next 64 bits, as an unsigned integer."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def next(self, bound):
        """A draw in [0, bound) from the upper 31 bits."""
        return (self.next_long() >> 33) % bound


def expression(rng, depth):
    """One expression whose tree is exactly `depth` deep: (text, value, is_binary)."""
    if depth == 0:
        value = rng.next(2) == 0
        return ("True" if value else "False"), value, False
    if rng.next(3) == 0:
        inner = expression(rng, depth - 1)
        return "not " + operand(inner), not inner[1], False
    deep = expression(rng, depth - 1)
    shallow = expression(rng, rng.next(depth))
    left, right = (deep, shallow) if rng.next(2) == 0 else (shallow, deep)
    if rng.next(2) == 0:
        return f"{operand(left)} and {operand(right)}", left[1] and right[1], True
    return f"{operand(left)} or {operand(right)}", left[1] or right[1], True


def operand(expr):
    """Binary expressions get brackets when they are an operand; literals and `not` do not."""
    return f"( {expr[0]} )" if expr[2] else expr[0]


def rows(depth, n, seed):
    """n distinct rows, True and False in turn (row 0 is True)."""
    rng = SplitMix64(seed)
    seen = set()
    result = []
    for i in range(n):
        text = draw_unseen(rng, depth, i % 2 == 0, seen)
        seen.add(text)
        result.append({"input": text + " is", "target": "True" if i % 2 == 0 else "False"})
    return result


def draw_unseen(rng, depth, wanted, seen):
    """Draws until the value is the wanted one and the text is new."""
    for _ in range(MAX_REJECTED):
        text, value, _ = expression(rng, depth)
        if value == wanted and text not in seen:
            return text
    raise ValueError(
        f"depth {depth}: {MAX_REJECTED} draws in a row gave no new {wanted} expression after "
        f"{len(seen)} rows; ask for fewer rows or more depth")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--depth", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--output", required=True)
    args = parser.parse_args()
    with open(args.output, "w", encoding="utf-8", newline="\n") as out:
        for row in rows(args.depth, args.rows, args.seed):
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
