"""The judge: an encoder with linear heads on the first token, and how texts become its input."""
import torch
from torch import nn
from transformers import AutoModel

import data

PAD = 1  # what fills short rows; nothing attends to it
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
        # Encoders of the RoBERTa family know one type of token; their positions begin after the padding's.
        self.types = self.enc.config.model_type == 'bert' and self.enc.config.type_vocab_size > 1
        width = self.enc.config.hidden_size
        self.heads = nn.ModuleDict({name: nn.Linear(width, n) for name, n in data.HEADS.items()})
        self.drop = nn.Dropout(0.1)

    def hidden(self, ids, mask):
        """The first tokens' states. mask is 0 for padding, 1 for a piece of token type 0, 2 for one of type 1."""
        types = {'token_type_ids': (mask - 1).clamp(min=0)} if self.types else {}
        return self.drop(self.enc(input_ids=ids, attention_mask=(mask > 0).long(), **types).last_hidden_state[:, 0])

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
    """Texts to pieces, remembered. Which special pieces stand round a text and between two the tokenizer says."""

    def __init__(self, tokenizer, length=LENGTH):
        self.tokenizer, self.length, self.known = tokenizer, length, {}
        self.single, self.double = self.template('a'), self.template('a', 'b')

    def template(self, *texts):
        """The pieces of <s> A </s> </s> B </s> or the like in order: ids of special pieces, and -1 and -2 for the texts; and each one's type."""
        e = self.tokenizer.encode(*texts)
        out = []
        for id, type, text in zip(e.ids, e.type_ids, e.sequence_ids):
            slot = (id if text is None else -1 - text, type)
            if text is None or slot not in out:
                out.append(slot)
        return out

    def pieces(self, text):
        ids = self.known.get(text)
        if ids is None:
            if len(self.known) > 400_000:
                self.known.clear()
            ids = self.known[text] = self.tokenizer.encode(text, add_special_tokens=False).ids[:512]
        return ids

    def pair(self, a, b):
        """<s> A </s> </s> B </s>, the longer side cut first; <s> A </s> where there is no B."""
        return self.typed(a, b)[0]

    def typed(self, a, b):
        """pair, and the type of each piece."""
        x, y, slots = self.pieces(a), self.pieces(b) if b else [], self.double if b else self.single
        room = self.length - sum(id >= 0 for id, _ in slots)
        if not b:
            x = x[:room]
        elif len(x) + len(y) > room:
            half = room // 2
            n = room - len(y) if len(y) <= half else (len(x) if len(x) <= half else half)
            x, y = x[:n], y[:room - min(n, len(x))]
        ids, types = [], []
        for id, type in slots:
            part = [id] if id >= 0 else x if id == -1 else y
            ids += part
            types += [type] * len(part)
        return ids, types

    def batch(self, pairs):
        rows = [self.typed(a, b) for a, b in pairs]
        width = max(len(row) for row, _ in rows)
        ids = torch.full((len(rows), width), PAD, dtype=torch.long)
        mask = torch.zeros((len(rows), width), dtype=torch.long)
        for i, (row, types) in enumerate(rows):
            ids[i, :len(row)] = torch.tensor(row)
            mask[i, :len(row)] = 1 + torch.tensor(types)
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
