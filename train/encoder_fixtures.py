"""Writes the small random encoders, and what PyTorch and an emulation of 8 bits make of them, that the tests of
internal/judge/encoder read: encoder_fixtures.py ../internal/judge/encoder/testdata

Each file is one of internal/judge/pack with an encoder's tensors, the words, ids and types of some sequences, their lengths,
and the expected vectors: "float" as transformers' BertModel computes them in float32, "emulated" with the roundings of
internal/judge/kernel. ".first" are first tokens, ".mean" means over a sequence.
"""
import os
import sys

import numpy as np
import torch
from transformers import BertConfig, BertModel

import export

SHAPES = {
    # a head of 16 values, everything a multiple of 16
    "even": dict(hidden=32, heads=2, intermediate=64, max_positions=40, position_offset=0, type_vocab=1, fine=()),
    # XLM-R's positions, token types, heads of 8 values, odd widths, and fine activations
    "odd": dict(hidden=64, heads=8, intermediate=72, max_positions=43, position_offset=2, type_vocab=2, fine=("heads", "attention", "inner", "outer")),
    # some layers fine
    "mixed": dict(hidden=64, heads=4, intermediate=100, max_positions=140, position_offset=0, type_vocab=2, fine=("outer",)),
}


def quantised(x, fine):
    """Activations as internal/judge/kernel rounds them: integers, scales and centres."""
    x = x.astype(np.float32)
    low, high = np.minimum(x.min(-1, keepdims=True), 0), np.maximum(x.max(-1, keepdims=True), 0)
    steps = np.float32(4094 if fine else 254)
    centre = low / 2 + high / 2
    return np.rint((x - centre) * (steps / (high - low))).astype(np.int64), (high - low) / steps, centre


def linear(x, w, b, fine):
    q, scale, centre = quantised(x, fine)
    wq, ws = export.quantise_rows(w)
    wq = wq.astype(np.int64)
    return (q @ wq.T) * scale * ws + centre * (ws * wq.sum(1)) + b


def norm(x, s, name, epsilon):
    y = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + epsilon)
    return y * s[name + ".weight"] + s[name + ".bias"]


def emulate(state, c, fine, embedded):
    """One sequence's last hidden states with 8-bit linear layers; embedded are its embeddings before normalisation."""
    gelu = lambda x: torch.nn.functional.gelu(torch.from_numpy(x)).numpy()
    x = norm(embedded, state, "embeddings.LayerNorm", c["epsilon"])
    size = c["hidden"] // c["heads"]
    for i in range(c["layers"]):
        p = f"encoder.layer.{i}."
        layer = lambda name, x, kind: linear(x, state[p + name + ".weight"], state[p + name + ".bias"], kind in fine)
        split = lambda y: y.reshape(len(x), c["heads"], size).transpose(1, 0, 2)
        q, k, v = (split(layer(f"attention.self.{n}", x, "heads")) for n in ("query", "key", "value"))
        weights = torch.softmax(torch.from_numpy(q @ k.transpose(0, 2, 1) / np.sqrt(size)), -1).numpy()
        context = (weights @ v).transpose(1, 0, 2).reshape(len(x), -1)
        x = norm(x + layer("attention.output.dense", context, "attention"), state, p + "attention.output.LayerNorm", c["epsilon"])
        inner = gelu(layer("intermediate.dense", x, "inner"))
        x = norm(x + layer("output.dense", inner, "outer"), state, p + "output.LayerNorm", c["epsilon"])
    return x


def words(r, vocabulary, hidden):
    """Random Q4_0 blocks, and their values."""
    n = vocabulary * hidden // 32
    scale = (r.normal(size=n) * 0.2).astype("<f2")
    packed = r.integers(0, 256, (n, 16), dtype=np.uint8)
    blocks = np.concatenate([scale.view(np.uint8).reshape(n, 2), packed], 1)
    values = np.concatenate([packed & 15, packed >> 4], 1).astype(np.float32) - 8
    table = (values * scale.astype(np.float32)[:, None]).reshape(vocabulary, hidden)
    return export.Packed("q4", [vocabulary, hidden], blocks.tobytes()), table


def fixture(path, shape, seed):
    c = dict(shape, layers=2, vocabulary=60, epsilon=1e-12)
    fine = c.pop("fine")
    r = np.random.default_rng(seed)
    torch.manual_seed(seed)
    model = BertModel(
        BertConfig(
            vocab_size=c["vocabulary"], hidden_size=c["hidden"], num_hidden_layers=c["layers"], num_attention_heads=c["heads"],
            intermediate_size=c["intermediate"], max_position_embeddings=c["max_positions"], type_vocab_size=c["type_vocab"],
            layer_norm_eps=c["epsilon"], hidden_act="gelu",
        ),
        add_pooling_layer=False,
    ).eval()
    blocks, table = words(r, c["vocabulary"], c["hidden"])
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.normal_(1.0 if name.endswith("LayerNorm.weight") else 0.0, 0.3 if p.dim() == 1 else 1.5 / p.shape[1] ** 0.5)
        model.embeddings.word_embeddings.weight.copy_(torch.from_numpy(table))
    state = {k: v.numpy() for k, v in model.state_dict().items()}
    lengths = [1, 2, 7, 16, 33, c["max_positions"] - c["position_offset"]]
    ids = r.integers(0, c["vocabulary"], sum(lengths)).astype("<u4")
    types = r.integers(0, c["type_vocab"], sum(lengths)).astype("<u4")
    expected = {"float.first": [], "float.mean": [], "emulated.first": [], "emulated.mean": []}
    at = 0
    for n in lengths:
        i, t = torch.from_numpy(ids[at : at + n].astype(np.int64))[None], torch.from_numpy(types[at : at + n].astype(np.int64))[None]
        at += n
        positions = torch.arange(n)[None] + c["position_offset"]
        with torch.no_grad():
            h = model(input_ids=i, token_type_ids=t, position_ids=positions).last_hidden_state[0].numpy()
        e = table[i[0].numpy()] + state["embeddings.token_type_embeddings.weight"][t[0].numpy()]
        e = e + state["embeddings.position_embeddings.weight"][positions[0].numpy()]
        for kind, x in (("float", h), ("emulated", emulate(state, c, fine, e))):
            expected[kind + ".first"].append(x[0])
            expected[kind + ".mean"].append(x.mean(0))
    tensors = {"words": blocks, "ids": ids, "types": types, "lengths": np.array(lengths, "<u4")}
    export.encoder(tensors, state, c)
    tensors.update({k: np.array(v, np.float32) for k, v in expected.items()})
    c["fine"] = {k: k in fine for k in export.FINE}
    export.write(path, {"encoder": c}, tensors)
    for pooled in ("first", "mean"):
        d = np.abs(np.array(expected["float." + pooled]) - np.array(expected["emulated." + pooled]))
        print(os.path.basename(path), os.path.getsize(path), pooled, "8 bits against float32: largest difference", d.max().round(4))


def main(args):
    if len(args) != 1:
        sys.exit(__doc__)
    os.makedirs(args[0], exist_ok=True)
    for seed, (name, shape) in enumerate(SHAPES.items()):
        fixture(os.path.join(args[0], name + ".bin"), shape, seed)


if __name__ == "__main__":
    main(sys.argv[1:])
