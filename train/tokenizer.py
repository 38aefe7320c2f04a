"""The tokenizer that training and inference share: XLM-R's Unigram pieces, read from the base model's file.

    tokenizer.load("e5-small-q4.bin")      a tokenizers.Tokenizer
    tokenizer.load("FOLDER")               that of another base, from FOLDER/tokenizer.json
    tokenizer.tensors("e5-small-q4.bin")   the first as arrays, as internal/judge/tokenizer reads them

A text is put into NFKC, every run of white space becomes one space, the ends are stripped, a word mark (U+2581) is put before
each word, and the pieces of each word are found by Viterbi; characters without a piece join into one <unk>.
Special pieces are never found in a text: whoever writes "</s>" in a statement gets the pieces of four ordinary characters.

Of the base's 250,002 pieces those are found that vocabulary.bin keeps (vocabulary.py chose them). In training ids are the base's.
The program has the rows of the kept pieces alone, in the same order: its ids are the numbers of the kept pieces (rows). Special
pieces are 0 to 3 in both.
"""
import json
import os
import struct
import sys

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

BOS, PAD, EOS, UNK = 0, 1, 2, 3
WORD_MARK = "\u2581"
KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vocabulary.bin")


def pieces(path):
    """Pieces and their scores (log probabilities), by id, from the base model's file ("E5S1")."""
    with open(path, "rb") as f:
        d = f.read(16 << 20)  # the tokenizer lies at the start: 5 MB
    if d[:4] != b"E5S1":
        raise ValueError(f"{path}: not an E5S1 file")
    p = 8 + 9 * 4  # magic, version; the encoder's shape
    n, bos, eos, pad, unk = struct.unpack_from("<5i", d, p)
    (size,) = struct.unpack_from("<Q", d, p + 20)
    p += 28
    if (bos, pad, eos, unk) != (BOS, PAD, EOS, UNK):
        raise ValueError(f"{path}: special pieces {(bos, pad, eos, unk)} are not XLM-R's")
    ends = np.frombuffer(d, "<u4", n + 1, p)
    p += 4 * (n + 1)
    scores = np.frombuffer(d, "<f4", n, p)
    p += 4 * n
    text = d[p : p + size]
    return [text[ends[i] : ends[i + 1]].decode() for i in range(n)], scores


def kept(n):
    """Which of the base's n pieces the program keeps, by id: a bit each in vocabulary.bin."""
    bits = np.fromfile(KEPT, np.uint8)
    if bits.size != -(-n // 8):
        raise ValueError(f"{KEPT}: {bits.size} bytes are not the bits of {n} pieces")
    keep = np.unpackbits(bits, count=n, bitorder="little").astype(bool)
    if not keep[: UNK + 1].all():
        raise ValueError(f"{KEPT}: special pieces are not kept")
    return keep


def rows(keep):
    """The row of each kept piece in the program's embeddings, by the base's id; -1 for the others."""
    return np.where(keep, np.cumsum(keep) - 1, -1)


def special(piece):
    return piece in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")


def load(path):
    """The tokenizer of training. encode(a, b) gives <s> a </s> </s> b </s>, or what the base of a folder expects."""
    if os.path.isdir(path):
        with open(os.path.join(path, "tokenizer.json")) as f:
            return ordinary(json.load(f))
    names, scores = pieces(path)
    return build(names, scores, kept(len(names)))


def ordinary(config):
    """The tokenizer of a tokenizer.json, without truncation and padding, and with special pieces that no text can hold."""
    c = json.loads(json.dumps(config))
    names = {a["content"] for a in c["added_tokens"]}
    c["added_tokens"], c["truncation"], c["padding"] = [], None, None
    vocab = c["model"]["vocab"]
    rename = lambda s: s + " special" if s in names else s
    if isinstance(vocab, dict):
        c["model"]["vocab"] = {rename(s): i for s, i in vocab.items()}
        c["model"]["unk_token"] = rename(c["model"]["unk_token"])
    else:
        c["model"]["vocab"] = [[rename(s), x] for s, x in vocab]
    return Tokenizer.from_str(json.dumps(c))


def build(names, scores, keep=None):
    """A tokenizer of these pieces, of which the first four are <s>, <pad>, </s>, <unk>, and all are found or those of keep."""
    # A name with a space in it can never match: words hold none. Nor shall its score: an unknown character counts ten less
    # than the least probable piece.
    vocab = [(s, float(c)) for s, c in zip(names, scores)]
    vocab = [(f"{s} special", 0.0) if special(s) or keep is not None and not keep[i] else (s, c) for i, (s, c) in enumerate(vocab)]
    t = Tokenizer(models.Unigram(vocab, unk_id=UNK, byte_fallback=False))
    t.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    t.pre_tokenizer = pre_tokenizers.Metaspace(replacement=WORD_MARK, prepend_scheme="always")
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", BOS), ("</s>", EOS)],
    )
    return t


def tensors(path):
    """The tokenizer as arrays for a judge's file, by name.

    The pieces lie in a trie over their UTF-8 bytes, its nodes in breadth-first order, so that a node's children are neighbours
    sorted by byte and one array of first children tells both where they begin and how many there are. All arrays are bytes,
    little-endian, and are read where they lie (internal/judge/tokenizer/trie.go):

    label   a byte a node (the root's is 0): the byte that leads to it
    first   three bytes a node and one more: the number of the node's first child; the next one's ends its children
    ends    a bit a node, in words of 32: a piece ends here
    rank    a uint32 a word of ends: how many pieces end before it
    piece   three bytes a piece, in the trie's order: its row in the embeddings
    score   a float32 a piece, in the trie's order: its log probability
    special four uint32: the ids of <s>, </s>, <pad>, <unk>
    """
    names, scores = pieces(path)
    keep = kept(len(names))
    return arrays([s for s, k in zip(names, keep) if k], scores[keep])


def arrays(names, scores):
    """The tensors of these pieces, of which the first four are <s>, <pad>, </s>, <unk>."""
    found = sorted((s.encode(), i) for i, s in enumerate(names) if not special(s))
    t = trie([s for s, _ in found])
    ids = np.array([i for _, i in found], "<u4")[t.pop("order")]
    t["piece"] = three_bytes(ids)
    t["score"] = scores[ids].astype("<f4").view(np.uint8)
    t["special"] = np.array([BOS, EOS, PAD, UNK], "<u4").view(np.uint8)
    return {"tokenizer." + k: v for k, v in t.items()}


def trie(keys):
    """The breadth-first trie of sorted, distinct byte strings; "order" holds the keys' numbers in the trie's order."""
    n, longest = len(keys), max(map(len, keys))
    length = np.array([len(k) for k in keys])
    text = np.zeros((n, longest), np.uint8)
    for i, k in enumerate(keys):
        text[i, : len(k)] = np.frombuffer(k, np.uint8)
    # How many first bytes a key shares with the one before it: it makes a new node at every depth beyond that.
    shared = np.zeros(n, int)
    same = (text[1:] == text[:-1]) & (np.arange(longest) < np.minimum(length[1:], length[:-1])[:, None])
    shared[1:] = np.where(same.all(1), longest, np.argmin(same, 1))
    label, parent = [np.zeros(1, np.uint8)], [np.zeros(0, int)]
    above = np.zeros(n, int)  # each key's node at the depth before
    end = np.zeros(n, int)
    total = 1
    for depth in range(longest):
        new = (length > depth) & (shared <= depth)
        label.append(text[new, depth])
        parent.append(above[new])
        above = total + np.cumsum(new) - 1
        end[length == depth + 1] = above[length == depth + 1]
        total += int(new.sum())
    first = 1 + np.searchsorted(np.concatenate(parent), np.arange(total + 1))
    bits = np.zeros(-(-total // 32) * 32, np.uint8)
    bits[end] = 1
    counts = bits.reshape(-1, 32).sum(1)
    return {
        "label": np.concatenate(label),
        "first": three_bytes(first),
        "ends": np.packbits(bits, bitorder="little"),
        "rank": (np.cumsum(counts) - counts).astype("<u4").view(np.uint8),
        "order": np.argsort(end),
    }


def three_bytes(numbers):
    """Numbers below 2**24, little-endian in three bytes each."""
    if numbers.max() >= 1 << 24:
        raise ValueError("a number does not fit three bytes")
    return np.ascontiguousarray(numbers.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3]).reshape(-1)


if __name__ == "__main__":
    for name, a in tensors(sys.argv[1]).items():
        print(name, a.dtype, a.size)
