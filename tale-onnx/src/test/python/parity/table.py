"""The rows of `tale-bench parity` as a Markdown table."""

import argparse
import json
import pathlib

COLUMNS = ("run", "task version", "rows", "prompts equal", "answers equal", "right in both or in neither",
           "largest log-likelihood difference", "Tale", "harness")


def cells(row):
    difference = f"{row['maxAbsDiff']:.1e}" if "maxAbsDiff" in row else "generated text"
    ours = ", ".join(f"{name} {value:.4f}" for name, value in row["ours"].items())
    theirs = ", ".join(f"{name} {row['theirs'][name]['value']:.4f} ± {row['theirs'][name]['stderr']:.4f}" for name in row["ours"])
    equal = [row[key] for key in ("promptsEqual", "answersEqual", "correctEqual")]
    return [row["run"], row["version"], row["rows"], *equal, difference, ours, theirs]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parity", type=pathlib.Path, help="the file that tale-bench wrote")
    rows = json.loads(parser.parse_args().parity.read_text(encoding="utf-8"))
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
    for row in rows:
        print("| " + " | ".join(map(str, cells(row))) + " |")
    for row in rows:
        for line in row["differences"]:
            print(f"\n{row['run']}: {line}")


if __name__ == "__main__":
    main()
