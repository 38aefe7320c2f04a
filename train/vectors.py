"""Makes what the program turns a passage into a vector with, to find what speaks of the same. usage: vectors.py BASE TOKENIZER OUT

A passage's vector is the sum of the word embeddings of its different pieces, each times its rarity, of length one; less the
mean, and projected to 192 principal components, each over the root of its own spread (half whitened), of length one again. Rarity is
-log of the share of passages that hold the piece, half labelled ones in nineteen languages, half those of the streams. OUT
(vectors.bin) holds the rarity of each kept piece in 1/16, the projection and its bias. docs/evaluation.md tells what else was tried.
"""
import random
import sys

import numpy as np
from safetensors import safe_open

import data
import export
import tokenizer

DIMENSIONS = 192
UNSEEN = 1e-5  # the share of passages that a piece is taken to stand in besides
RARITY_UNIT = 16
SAMPLE = 40_000  # passages of each sort whose vectors the components are found of


def texts():
    """Labelled passages by language, and those of the streams; what is kept for measuring is left out."""
    labelled = set()
    for pool in data.load({"bank", "stance", "nli"}).values():
        for x in pool:
            if data.fold(x.event):
                labelled |= {(x.lang, x.a), (x.lang, x.b)}
    return sorted(labelled), sorted(data.stream_texts().values())


def pieces(tok, some):
    return [sorted(set(e.ids)) for i in range(0, len(some), 5000) for e in tok.encode_batch(some[i : i + 5000], add_special_tokens=False)]


def main(base, words, out):
    with safe_open(base + "/model.safetensors", "np") as f:
        w = f.get_tensor(next(k for k in f.keys() if "word_embeddings" in k)).astype(np.float32)
    tok = tokenizer.load(words)
    rng = random.Random(1)
    labelled, streams = texts()
    rng.shuffle(labelled)
    rng.shuffle(streams)
    sorts = [pieces(tok, [t for _, t in labelled[:120_000]]), pieces(tok, streams[:120_000])]
    share = np.full(len(w), UNSEEN)
    for ids in sorts:
        count = np.zeros(len(w))
        for x in ids:
            count[x] += 1
        share += count / len(ids) / len(sorts)
    rarity = np.clip(np.rint(-np.log(share) * RARITY_UNIT), 1, 255).astype(np.uint8)
    weight = rarity.astype(np.float32) / RARITY_UNIT
    x = np.zeros((2 * SAMPLE, w.shape[1]), np.float32)
    for i, ids in enumerate(ids for some in sorts for ids in some[:SAMPLE]):
        x[i] = weight[ids] @ w[ids]
    x /= np.linalg.norm(x, axis=1, keepdims=True) + 1e-9
    mean = x.mean(0)
    _, spread, components = np.linalg.svd(x - mean, full_matrices=False)
    projection = components[:DIMENSIONS] / np.sqrt(spread[:DIMENSIONS, None] / spread[0])
    keep = tokenizer.kept(len(tokenizer.pieces(words)[0]))
    rarity = rarity[: len(keep)][keep]
    rarity[: tokenizer.UNK + 1] = 0  # what is no text tells nothing
    export.write(out, {"what": "vectors of passages"}, {"rarity": rarity, "projection": projection.astype(np.float32), "bias": (-projection @ mean).astype(np.float32)})


if __name__ == "__main__":
    main(*sys.argv[1:])
