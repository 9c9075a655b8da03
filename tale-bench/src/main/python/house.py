"""Measures of the house: packages, lines, exported types, long methods, words of comments, README.

    python house.py CHECKOUT [CHECKOUT ...]

Prints a Markdown table with a column for each checkout. Files are those below tale-*/src/main/java. A method is long if it
has over 30 lines from its header to its closing brace. Words are those of comments; "what" is counted in any case.
"""

import collections
import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
STRING = re.compile(r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'')
HEADER = re.compile(r"^  (?:  )?(?:@\w+(?:\([^)]*\))?\s*)*(?:public |private |protected |static |final |abstract |synchronized |default )*"
                    r"(?:<[^>]+> )?[\w.<>\[\], ?@]+ \w+\([^{};]*\)[^{};=]*\{$", re.M)
TYPE = re.compile(r"^public (?:sealed |non-sealed |final |abstract |static )*(?:class|interface|enum|record|@interface) ", re.M)
LONG = 30


def without_texts(code):
    """Comments and strings become spaces, lines stay."""
    return COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), STRING.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), code))


def methods(code):
    plain = without_texts(code)
    for header in HEADER.finditer(plain):
        if re.search(r"\b(?:record|new) ", header.group()):
            continue
        depth, place = 1, header.end()
        while depth and place < len(plain):
            depth += {"{": 1, "}": -1}.get(plain[place], 0)
            place += 1
        yield plain.count("\n", header.start(), place) + 1


def exported(checkout):
    types = 0
    for info in checkout.glob("tale-*/src/main/java/module-info.java"):
        for package in re.findall(r"exports ([\w.]+);", info.read_text(encoding="utf-8")):
            for file in (info.parent / package.replace(".", "/")).glob("*.java"):
                types += bool(TYPE.search(file.read_text(encoding="utf-8")))
    return types


def measure(checkout):
    files = [f for f in checkout.glob("tale-*/src/main/java/**/*.java")]
    texts = {f: f.read_text(encoding="utf-8") for f in files}
    packages = collections.Counter(f.parent for f in files if f.name not in ("package-info.java", "module-info.java"))
    names = collections.Counter(f.name for f in files if f.name not in ("package-info.java", "module-info.java"))
    comments = " ".join(c for text in texts.values() for c in COMMENT.findall(STRING.sub('""', text)))
    words = re.findall(r"[A-Za-z']+", comments)
    lengths = [length for text in texts.values() for length in methods(text)]
    largest = max(packages, key=packages.get)
    return {
        "files, packages": f"{sum(packages.values())}, {len(packages)}",
        "largest package": f"{'.'.join(largest.parts[largest.parts.index('java') + 1:])}, {packages[largest]}",
        "files a package": f"{sum(packages.values()) / len(packages):.1f}",
        "file names that come twice": sum(count > 1 for count in names.values()),
        "lines of main code": f"{sum(text.count(chr(10)) for text in texts.values()):,}",
        "exported types of core and onnx": exported(checkout),
        f"methods over {LONG} lines, of all": f"{sum(length > LONG for length in lengths)}, {len(lengths)}",
        "longest method, lines": max(lengths),
        "comments that begin with \"Returns what\"": len(re.findall(r"\*\s+Returns what", comments)),
        "\"what\" in 1,000 words of comment": f"{1000 * sum(w.lower() == 'what' for w in words) / len(words):.1f}",
        "README, bytes": f"{(checkout / 'README.md').stat().st_size:,}",
    }


def main():
    checkouts = [pathlib.Path(argument).resolve() for argument in sys.argv[1:]]
    columns = [measure(checkout) for checkout in checkouts]
    print("| | " + " | ".join(checkout.name for checkout in checkouts) + " |")
    print("|---|" + "---|" * len(columns))
    for name in columns[0]:
        print(f"| {name} | " + " | ".join(str(column[name]) for column in columns) + " |")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
