"""Turns a judge of another base into a folder that the program can use (docs/judges.md):

    export_folder.py BASE CHECKPOINT OUT

BASE is the folder of transformers' that train.py was given, CHECKPOINT what it saved. OUT gets config.json, model.safetensors
and tokenizer.json; volteface eval --judge-model OUT --calibrate OUT/volteface.json adds the calibration.
"""
import json
import os
import shutil
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoModel

import data


def write(out, config, words, state, kinds):
    """config is the encoder's, a dict; words its embeddings; state a checkpoint's: enc.* without words, heads.*."""
    heads = {k.split(".")[1]: v.shape[0] for k, v in state.items() if k.startswith("heads.") and k.endswith(".weight")}
    config = {**config, "architectures": ["VoltefaceJudge"], "volteface_heads": heads, "volteface_kinds": kinds}
    for key in ("id2label", "label2id"):
        config.pop(key, None)
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "config.json"), "w") as f:
        json.dump(config, f, indent=1)
    tensors = {k.removeprefix("enc."): v.contiguous() for k, v in state.items() if v.is_floating_point()}
    tensors["embeddings.word_embeddings.weight"] = words.contiguous()
    save_file(tensors, os.path.join(out, "model.safetensors"), metadata={"format": "pt"})


def main(args):
    if len(args) != 3:
        sys.exit(__doc__)
    base, checkpoint, out = args
    encoder = AutoModel.from_pretrained(base, add_pooling_layer=False)
    state = torch.load(checkpoint, map_location="cpu")["model"]
    # Of a base in float32 half precision keeps all that matters: embeddings are about one, and eleven bits beside activations of twelve.
    words = encoder.embeddings.word_embeddings.weight.detach().to(torch.float16)
    write(out, encoder.config.to_dict(), words, state, data.KINDS)
    shutil.copy(os.path.join(base, "tokenizer.json"), out)


if __name__ == "__main__":
    main(sys.argv[1:])
