"""The judge: an encoder with linear heads on the first token, and how texts become its input."""
import torch
from torch import nn
from transformers import AutoModel

import data

BOS, PAD, EOS = 0, 1, 2
LENGTH = 176  # pieces of a pair in training; passages are cut to 90 in use


class Judge(nn.Module):
    """heads: nli, rev, stance, kind, position, voice. The word embeddings are never trained, so that they stay the base's 4 bit exactly."""

    def __init__(self, base, attention='eager'):
        super().__init__()
        self.enc = AutoModel.from_pretrained(base, attn_implementation=attention, add_pooling_layer=False)
        for module in self.enc.modules():  # dropout inside the encoder costs a third of the speed on a CPU
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        self.enc.embeddings.word_embeddings.weight.requires_grad = False
        width = self.enc.config.hidden_size
        self.heads = nn.ModuleDict({name: nn.Linear(width, n) for name, n in data.HEADS.items()})
        self.drop = nn.Dropout(0.1)

    def hidden(self, ids, mask):
        return self.drop(self.enc(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0])

    def trainable_state(self):
        return {k: v for k, v in self.state_dict().items() if 'word_embeddings' not in k}

    def restore(self, path):
        """Loads a checkpoint; heads it does not know keep their first weights."""
        state = torch.load(path, map_location='cpu')['model']
        known = self.state_dict()
        state = {k: v.float() for k, v in state.items() if k in known and v.shape == known[k].shape}
        self.load_state_dict(state, strict=False)
        return state.keys()


class Reader:
    """Texts to pieces, remembered."""

    def __init__(self, tokenizer, length=LENGTH):
        self.tokenizer, self.length, self.known = tokenizer, length, {}

    def pieces(self, text):
        ids = self.known.get(text)
        if ids is None:
            if len(self.known) > 400_000:
                self.known.clear()
            ids = self.known[text] = self.tokenizer.encode(text, add_special_tokens=False).ids[:512]
        return ids

    def pair(self, a, b):
        """<s> A </s> </s> B </s>, the longer side cut first; <s> A </s> where there is no B."""
        x = self.pieces(a)
        if not b:
            return [BOS, *x[:self.length - 2], EOS]
        y = self.pieces(b)
        room = self.length - 4
        if len(x) + len(y) > room:
            half = room // 2
            n = room - len(y) if len(y) <= half else (len(x) if len(x) <= half else half)
            x, y = x[:n], y[:room - min(n, len(x))]
        return [BOS, *x, EOS, EOS, *y, EOS]

    def batch(self, pairs):
        rows = [self.pair(a, b) for a, b in pairs]
        width = max(map(len, rows))
        ids = torch.full((len(rows), width), PAD, dtype=torch.long)
        mask = torch.zeros((len(rows), width), dtype=torch.long)
        for i, row in enumerate(rows):
            ids[i, :len(row)] = torch.tensor(row)
            mask[i, :len(row)] = 1
        return ids, mask


@torch.no_grad()
def probabilities(judge, reader, pairs, head, batch=4096, device='cpu'):
    """Probabilities of a head for each pair, in order; batch is in pieces."""
    was, _ = judge.training, judge.eval()
    order = sorted(range(len(pairs)), key=lambda i: len(reader.pair(*pairs[i])))
    out, at = [None] * len(pairs), 0
    while at < len(order):
        longest = len(reader.pair(*pairs[order[min(at + 63, len(order) - 1)]]))
        part = order[at:at + max(1, min(64, batch // longest))]
        ids, mask = reader.batch([pairs[i] for i in part])
        p = judge.heads[head](judge.hidden(ids.to(device), mask.to(device))).float().softmax(-1).tolist()
        for i, q in zip(part, p):
            out[i] = q
        at += len(part)
    judge.train(was)
    return out
