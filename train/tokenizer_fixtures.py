"""Writes what internal/judge/tokenizer is tested against: what `tokenizers` makes of texts in many languages and of hostile bytes.

    python tokenizer_fixtures.py e5-small-q4.bin SHARED     into ../internal/judge/tokenizer/testdata

small.json     texts (base64) with their ids, by a small vocabulary, whose arrays are small.*
whole.json     SHA-256 of the ids of many more texts by the program's vocabulary (vocabulary.bin), and of its arrays
"""
import base64
import gzip
import hashlib
import json
import os
import struct
import sys

import tokenizers

import tokenizer

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../internal/judge/tokenizer/testdata")

# Where exactness breaks: marks and their order, Hangul, ligatures, spaces of all kinds, the word mark, names of special pieces.
ALPHABET = (
    "a e i o u s t n k x é ü ß ñ ø ł İ ı ſ 1 2 0 - . , ' \" ( ) / < > </s> <s> <unk> <mask> <pad> [SEP] special"
    " \u0300 \u0301 \u0308 \u030a \u0323 \u0327 \u0331 \u0334 \u0338 \u0345 \u05b4 \u05bc \u0651 \u064b \u0653 \u093c \u09be \u09c7 \u0b3e"
    " \u1100 \u1161 \u11a8 \uac00 \uac01 \u3099 \u304b \u30cf \uff76 \uff9e \uff21 \ufb01 \ufdfa \u2026 \u2122 \u00bd \u2460 \u3392 \u212b \u2126"
    " \u2581 \u2581\u2581 \u200b \u200d \u200c \u00ad \ufeff \ufffd \U0001f600 \U0001f1fa \U0001f3fd \U00010781 \U0001e030 \U0001d15e \U00011938"
    " и в на й ё ї ў ґ я the of and Iran ing 的 国 不 了 日本 の です ال و م ی ک א ש ה है में क ् ต ่ เ ბ հ ก"
).split(" ") + [" ", " ", " ", " ", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u2028", "\u0085", "\u1680", "\x00", "\x1f", "\x7f", "", "\u180e"]

HOSTILE = [
    b"", b" ", b"\n\t ", b"\xff", b"\xe2\x82", b"\xe2\x82\xe2\x82\xac", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf0\x9f\x98", b"\xc0\xaf", b"a\x80\x80b", b"\xf8\x88\x80\x80\x80",
    b"\x00\x00", "\u2581".encode(), "\u2581\u2581 \u2581a\u2581".encode(), b"</s> </s> yes", b"<s>no</s><mask><pad><unk>", ("a" + "\u0301" * 40).encode(), ("q" + "\u0323\u0301" * 40).encode(),
    b"a" * 300, ("\u4e00" * 100).encode(), ("\U0001f600" * 30).encode(), "\ufdfa\ufdfa".encode(), ("\u1100" * 20 + "\u1161" * 3).encode(), b"<dup5> <s> special", b"</s> special",
]


def stream(seed, n):
    """n bytes that Go's test makes as well."""
    out = b""
    i = 0
    while len(out) < n:
        out += hashlib.sha256(f"{seed} {i}".encode()).digest()
        i += 1
    return out[:n]


def letters(i):
    return "".join(ALPHABET[b % len(ALPHABET)] for b in stream(f"letters {i}", 4 + i % 60)).encode()


def noise(i):
    b = stream(f"noise {i}", 1 + i % 90)
    return b if i % 2 else bytes(x if x < 0x70 else 0x80 | x & 0x7F for x in b)


def code_point(c):
    """A code point alone, between letters, and among marks that sort round it or join it."""
    s = chr(c)
    return [x.encode() for x in (s, f"a{s}b", f"e{s}\u0301\u0323", f"\u1100{s}\u11a8 {s}{s}")]


def shared(root):
    """(name, raw lines) of the shared sets: JSON as it stands, cut within a character where it is long."""
    for folder, lines, size in (("nli", 700, 1000), ("streams", 300, 3000), ("banks", 150, 3000), ("stance", 120, 3000)):
        for path, _, names in sorted(os.walk(os.path.join(root, "eval", folder))):
            for name in sorted(names):
                if ".jsonl" not in name:
                    continue
                full = os.path.join(path, name)
                with gzip.open(full) if name.endswith(".gz") else open(full, "rb") as f:
                    yield os.path.relpath(full, root), lines, size, [l[:size] for _, l in zip(range(lines), f)]


def digest(t, row, texts):
    """The hash of the texts' pieces by the program's ids."""
    h = hashlib.sha256()
    for e in t.encode_batch([x.decode(errors="replace") for x in texts], add_special_tokens=False):
        h.update(struct.pack(f"<{len(e.ids) + 1}I", *row[e.ids], 0xFFFFFFFF))
    return h.hexdigest()


def main(base, root):
    os.makedirs(OUT, exist_ok=True)
    t, row = tokenizer.load(base), tokenizer.rows(tokenizer.kept(len(tokenizer.pieces(base)[0])))
    with open(os.path.join(OUT, "lines.txt"), "rb") as f:
        lines = f.read().splitlines()
    texts = lines + HOSTILE + [letters(i) for i in range(100)] + [noise(i) for i in range(30)]
    small(base, texts)
    whole = {
        "tokenizers": tokenizers.__version__,
        "arrays": {k: hashlib.sha256(a.tobytes()).hexdigest() for k, a in tokenizer.tensors(base).items()},
        "alphabet": ALPHABET,
        "lines": digest(t, row, texts),
        "letters": digest(t, row, [letters(i) for i in range(5000)]),
        "noise": digest(t, row, [noise(i) for i in range(5000)]),
        "code_points": [
            digest(t, row, [x for c in range(b, b + 4096) if not 0xD800 <= c < 0xE000 for x in code_point(c)])
            for b in range(0, 0x110000, 4096)
        ],
        "shared": [],
    }
    n = 0
    for name, lines, size, texts in shared(root):
        whole["shared"].append({"file": name, "lines": lines, "size": size, "ids": digest(t, row, texts)})
        n += len(texts)
    print(n, "lines of shared sets")
    with open(os.path.join(OUT, "whole.json"), "w") as f:
        json.dump(whole, f, ensure_ascii=True, indent=0)


def small(base, texts):
    """A vocabulary of the pieces that the texts' best paths use and of every second one they might use, with its ids."""
    names, scores = tokenizer.pieces(base)
    t = tokenizer.build(names, scores)
    keep = {0, 1, 2, 3}
    index = {s: i for i, s in enumerate(names)}
    for x in texts:
        x = x.decode(errors="replace")
        ids = t.encode(x, add_special_tokens=False).ids
        keep.update(ids[::2] if len(ids) > 40 else ids)
        s = tokenizer.WORD_MARK + t.normalizer.normalize_str(x).replace(" ", tokenizer.WORD_MARK)
        some = {s[i : i + n] for i in range(len(s)) for n in range(1, 5)}
        keep.update(index[p] for p in some if p in index and index[p] % 2 and len(p) < 4)
    keep = sorted(keep)
    names, scores = [names[i] for i in keep], scores[keep]
    t = tokenizer.build(names, scores)
    for name, a in tokenizer.arrays(names, scores).items():
        a.tofile(os.path.join(OUT, name.replace("tokenizer.", "small.")))
    pairs = []
    for i in range(0, 60, 3):
        a, b = texts[i].decode(errors="replace"), texts[i + 1].decode(errors="replace")
        for limit in (0, 6, 7, 12, 33, 64, 512):
            t.no_truncation()
            if limit:
                t.enable_truncation(limit, strategy="longest_first")
            e, one = t.encode(a, b), t.encode(a)
            pairs.append({"a": i, "b": i + 1, "limit": limit or 1 << 20, "ids": e.ids, "types": e.type_ids, "single": one.ids})
    t.no_truncation()
    with open(os.path.join(OUT, "small.json"), "w") as f:
        cases = [
            {"text": base64.b64encode(x).decode(), "ids": t.encode(x.decode(errors="replace"), add_special_tokens=False).ids}
            for x in texts
        ]
        json.dump({"cases": cases, "pairs": pairs}, f, separators=(",", ":"))
    print(len(names), "pieces,", len(texts), "texts,", len(pairs), "pairs")


if __name__ == "__main__":
    main(*sys.argv[1:])
