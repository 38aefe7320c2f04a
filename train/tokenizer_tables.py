"""Writes what Unicode is to `tokenizers`: categories.go and unicode9.go of internal/judge/tokenizer, by trying every code point.

    pip install unicodedata2 && python tokenizer_tables.py && gofmt -l ../internal/judge/tokenizer
"""
import os
import re
import textwrap

import unicodedata2
from tokenizers import normalizers, pre_tokenizers

GO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../internal/judge/tokenizer")
EVERY = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def bert(**on):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**(off | on)).normalize_str


def newer():
    """Code points that decompose or combine today and do neither to the library."""
    nfkd = normalizers.NFKD().normalize_str
    found = set()
    for c in EVERY:
        s = chr(c)
        if nfkd(s) != s:
            continue
        rank = unicodedata2.combining(s)
        if rank > 1:
            sorts = nfkd(f"a{s}\u0334") == f"a\u0334{s}"
        else:
            sorts = rank == 0 or nfkd(f"a\u0301{s}") == f"a{s}\u0301"
        if not sorts or unicodedata2.normalize("NFKD", s) != s:
            found.add(c)
    return found


def ranges(points):
    out = []
    for c in sorted(points):
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return out


def main():
    clean, accents = bert(clean_text=True), bert(strip_accents=True)
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    sets = {
        "nonspacing": {c for c in EVERY if accents("a" + chr(c)) == "a"},
        "punctuation": {c for c in EVERY if [w for w, _ in split(f"a{chr(c)}b")] == ["a", chr(c), "b"]},
        "control": {c for c in EVERY if clean(f"a{chr(c)}b") == "ab"},
    }
    path = os.path.join(GO, "categories.go")
    with open(path) as f:
        source = f.read()
    for name, points in sets.items():
        text = " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in ranges(points))
        text = "\n".join(textwrap.wrap(text, 118))
        source, n = re.subn(f"const {name}Ranges = `[^`]*`", f"const {name}Ranges = `\n{text}`", source)
        assert n == 1, name
    with open(path, "w") as f:
        f.write(source)

    path = os.path.join(GO, "unicode9.go")
    with open(path) as f:
        head = f.read().split("var unicode9")[0]
    lines = {4: [], 5: []}
    for a, b in ranges(newer()):
        lines[4 if b < 0x10000 else 5].append(f"\t\t{{0x{a:04X}, 0x{b:04X}, 1}},\n")
    body = f"\tR16: []unicode.Range16{{\n{''.join(lines[4])}\t}},\n\tR32: []unicode.Range32{{\n{''.join(lines[5])}\t}},\n"
    with open(path, "w") as f:
        f.write(f"{head}var unicode9 = &unicode.RangeTable{{\n{body}}}\n")


if __name__ == "__main__":
    main()
