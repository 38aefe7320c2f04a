"""Chooses the pieces of the base's vocabulary that the program keeps, and measures what that costs.

    vocabulary.py choose BASE LANGUAGES N       writes vocabulary.bin beside this file: a bit a piece of the base
    vocabulary.py lengths BASE LANGUAGES N…     how much longer texts become, by language

BASE is e5-small-q4.bin; LANGUAGES is the folder cmd/language-testdata of a checkout of github.com/pemistahl/lingua-go (v1.4.0):
sentences, word pairs and words in 75 languages. Only counts are taken of it and of the other texts, never text.

Special pieces and all single characters are always kept, so that no character becomes unknown and no script is lost. The others
are kept by what they save: the share they are expected to have of a language's pieces, added up over the languages of the
labelled texts, the streams and LANGUAGES. Pieces that these do not hold share what Good and Turing leave to the unseen, by
the base's own probabilities within each script; and each script counts as a language besides, for those without texts. What data.fold keeps for measuring (events, documents, sentences) chooses
nothing: figures taken of it are figures of texts nobody looked at.
"""
import collections
import glob
import os
import sys
import unicodedata

import numpy as np

import data
import tokenizer

# How much a language's pieces weigh: those of labelled texts and streams, which are what the judge reads, and those of
# sentences in languages that it was taught or not; and those of a script.
LABELLED, TAUGHT, OTHER = 3, 2, 1
SCRIPT = 1
# Languages whose pieces few others share, or none, weigh more, so that they lose no more than others do.
ALONE = {"zh": 4, "ja": 4, "el": 2, "hy": 2, "ka": 2, "te": 2, "th": 2}


def measured(key):
    return data.fold(key) == 0


def labelled():
    """(group, text, kept for measuring) of every labelled set. Natural pairs are parts of the streams. A text of several
    examples is kept for measuring where all of them are."""
    lang, chosen = {}, set()
    for examples in data.load({"bank", "pair", "presumed", "stance", "nli", "position", "voice"}).values():
        for x in examples:
            for text in (x.a, x.b):
                lang[text] = x.lang
                if not measured(x.event):
                    chosen.add(text)
    for text in lang:
        yield "labelled " + lang[text], text, text not in chosen


def streams():
    """The same of the documents of the streams of real statements."""
    paths = {f"{data.EVAL}/{s}" for s in data.STREAMS} | set(glob.glob(data.EVAL + "/whitehouse/statements-*.jsonl.gz"))
    for path in sorted(paths):
        for d in data.lines(path):
            if d.get("text"):
                yield "streams", d["text"], measured(d.get("url") or d.get("id") or d["text"])


def languages(folder):
    """The same of the lines that lingua-go is tested with."""
    for path in sorted(glob.glob(folder + "/*/*.txt")):
        with open(path, encoding="utf-8") as f:
            for line in f:
                yield "sentences " + os.path.basename(path)[:-4], line, measured(line.strip())


def words(folder):
    """How often each word stands in each group of texts: in those that choose, and in those kept for measuring. No piece crosses
    words, so that each needs to be cut but once."""
    choosing, measuring = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for texts in (labelled(), streams(), languages(folder)):
        for group, text, measure in texts:
            (measuring if measure else choosing)[group].update(unicodedata.normalize("NFKC", text).split())
    return choosing, measuring


def counts(t, found, size):
    """How often each piece stands in counted words."""
    cut = [e.ids for e in t.encode_batch_fast(list(found), add_special_tokens=False)]
    times = np.repeat(list(found.values()), [len(ids) for ids in cut])
    return np.bincount(np.concatenate(cut), times, size).astype(np.int64)


def script(piece):
    """The script of a piece's first letter, as its Unicode name begins; "" without a letter."""
    for c in piece:
        if c.isalpha():
            return unicodedata.name(c, "").split(" ")[0]
    return ""


def order(names, scores, counted):
    """The pieces in the order in which they are kept. counted has the counts of pieces by group."""
    n = len(names)
    special = np.array([tokenizer.special(s) for s in names])
    number = np.unique([script(s) for s in names], return_inverse=True)[1]
    probability = np.where(special, 0, np.exp(scores.astype(float)))
    probability /= np.bincount(number, probability)[number]  # within the script
    taught = {group.split()[-1] for group in counted if group.startswith("labelled")}
    saved = SCRIPT * probability
    for group, c in counted.items():
        lang = group.split()[-1]
        weight = (OTHER if lang not in taught else TAUGHT) if group.startswith("sentences") else LABELLED
        unseen = (c == 1).sum() / c.sum()  # Good 1953
        scripts = np.bincount(number, c) / c.sum()
        saved += weight * ALONE.get(lang, 1) * ((1 - unseen) * c / c.sum() + unseen * scripts[number] * probability)
    saved[special | [len(s) == 1 for s in names]] = np.inf
    return np.lexsort((np.arange(n), -saved))


def kept(first, n):
    """Which pieces are kept, by id, where the first n of an order are."""
    out = np.zeros(len(first), bool)
    out[first[:n]] = True
    return out


def report(names, scores, first, measuring, sizes):
    """Prints, by language, how many pieces the measured texts have, and for each size how much longer the texts become and which
    share of their pieces is cut anew."""
    n = len(names)
    whole = tokenizer.build(names, scores)
    before = {group: counts(whole, found, n) for group, found in sorted(measuring.items())}
    rows = {group: [group, str(c.sum())] for group, c in before.items()}
    for size in sizes:
        keep = kept(first, size)
        t = tokenizer.build(names, scores, keep)
        for group, c in before.items():
            longer, anew = counts(t, measuring[group], n).sum() / c.sum() - 1, c[~keep].sum() / c.sum()
            rows[group].append(f"{100 * longer:.2f} % ({100 * anew:.2f} %)")
    for row in rows.values():
        print(*row, sep="\t")


def main(args):
    if len(args) < 4 or args[0] not in ("choose", "lengths") or args[0] == "choose" and len(args) != 4:
        sys.exit(__doc__)
    what, base, folder, *sizes = args
    names, scores = tokenizer.pieces(base)
    choosing, measuring = words(folder)
    whole = tokenizer.build(names, scores)
    first = order(names, scores, {group: counts(whole, found, len(names)) for group, found in choosing.items()})
    if what == "lengths":
        return report(names, scores, first, measuring, map(int, sizes))
    np.packbits(kept(first, int(sizes[0])), bitorder="little").tofile(tokenizer.KEPT)


if __name__ == "__main__":
    main(sys.argv[1:])
