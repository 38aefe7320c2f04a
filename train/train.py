"""Trains the judge. usage: train.py BASE TOKENIZER OUT [--init CHECKPOINT] [--minutes M]   (README.md tells what BASE and TOKENIZER are)

Each step draws a pool. A step of banks takes whole banks, so that the pairs of one matter stand beside each other, and adds to the
cross-entropy a ranking loss: the reversals of a bank before its other pairs. Pairs of the passages of a stance set are read likewise. Sets under data/ are read again while it runs.
"""
import argparse
import collections
import os
import random
import time

import torch
import torch.nn.functional as F

import data
import measure
import model
import tokenizer
from told import OTHERS, plainly, third, told

parser = argparse.ArgumentParser()
parser.add_argument('base')
parser.add_argument('tokenizer', help='e5-small-q4.bin, or a folder with a tokenizer.json')
parser.add_argument('out')
parser.add_argument('--init', help='a checkpoint to go on from')
parser.add_argument('--minutes', type=float, default=100)
parser.add_argument('--lr', type=float, default=3e-5)
parser.add_argument('--pieces', type=int, default=2600, help='pieces in a batch')
parser.add_argument('--rows', type=int, default=12, help='pairs that are computed at once; more on a GPU')
parser.add_argument('--freeze', type=int, default=0, help='layers from below that stay as they are')
parser.add_argument('--mix', default='bank=.62,pair=.08,natural=.08,presumed=.04,stance=.1,nli=.06,position=.01,voice=.01')
parser.add_argument('--new', type=float, default=3, help='how much more often a bank of data/ is drawn than a given one')
parser.add_argument('--rank', type=float, default=.5, help='weight of the ranking loss')
parser.add_argument('--kind', type=float, default=.3, help='weight of the kinds')
parser.add_argument('--fold', type=int, default=0, help='events of this fold of twelve are kept for measuring; -1 keeps none')
parser.add_argument('--share', type=float, default=1, help='the share of the banks that is used (learning curves)')
parser.add_argument('--measure', type=float, default=20, help='minutes between measurements')
parser.add_argument('--seed', type=int, default=1)
parser.add_argument('--threads', type=int, default=2)
parser.add_argument('--device', default='cpu', help='cpu or cuda; on a GPU try --pieces 16000 --rows 64')


def retold(x, rng):
    """A pair of which a side is told by a reporter: as the issuer's word, or as somebody else's, which turns nothing."""
    a = told(x.a, x.lang, rng) if rng.random() < .12 else None
    b = told(x.b, x.lang, rng) if rng.random() < .12 else None
    x = x._replace(a=a or x.a, b=b or x.b)
    if rng.random() < .03 and (b := told(x.b, x.lang, rng, OTHERS)):
        x = x._replace(b=b, y=0, kind=data.KINDS.index('reported_speech'))
    return x


def retold_stance(x, rng):
    if x.lang == 'en' and rng.random() < .6 and (a := third(x.a, x.b)):
        x = x._replace(a=a)
    r = rng.random()
    if r < .25 and (a := told(x.a, x.lang, rng)):
        return x._replace(a=a)
    if r > .94 and (a := told(x.a, x.lang, rng, OTHERS)):
        return x._replace(a=a, y=data.LABELS['stance']['silent'])
    return x


def plain_stance(proposition, lang, rng):
    """A proposition in its own words, affirmed, denied, qualified or only mentioned."""
    stance = rng.choices(('affirms', 'denies', 'qualifies', 'silent'), (.4, .3, .1, .2))[0]
    a = plainly(proposition, lang, stance, rng)
    return a and Row(a, proposition, data.LABELS['stance'][stance], -1, '', lang)


def plain_turns(proposition, lang, group, rng):
    """What is affirmed and what is denied in a proposition's own words, beside each other and beside what is only mentioned."""
    rows = []
    for a, b, y in (('affirms', 'denies', 2), ('denies', 'affirms', 2), ('denies', 'denies', 0), ('affirms', 'affirms', 0), ('denies', 'silent', 0), ('affirms', 'silent', 0), ('silent', 'denies', 0), ('affirms', 'qualifies', 1)):
        before, after = plainly(proposition, lang, a, rng), plainly(proposition, lang, b, rng)
        if before and after:
            rows.append(Row(before, after, y, -1, group, lang))
    return rows


def noisy(x, texts, rng):
    """A pair as streams have them: told by a reporter, a neighbouring sentence of elsewhere before or after a side, a later side of
    another matter."""
    x = retold(x, rng)
    r = rng.random()
    if r < .06:
        return x._replace(b=rng.choice(texts), y=0, kind=data.KINDS.index('unrelated_same_entities'))
    if r < .22:
        def beside(t):
            return f'{rng.choice(texts)} {t}' if rng.random() < .5 else f'{t} {rng.choice(texts)}'
        return x._replace(a=beside(x.a) if rng.random() < .7 else x.a, b=beside(x.b) if rng.random() < .5 else x.b)
    if r < .30 and data.KINDS[x.kind] in ('restatement_paraphrase', 'denial_repeated', 'different_object_or_place', 'different_actor', 'unrelated_same_entities', 'number_revised', 'denial_to_admission'):
        kind = {'denial_to_admission': 'admission_to_denial'}.get(data.KINDS[x.kind], data.KINDS[x.kind])
        return x._replace(a=x.b, b=x.a, kind=data.KINDS.index(kind))
    return x


Row = collections.namedtuple('Row', 'a b y kind group lang')


class Pools:
    """What steps are drawn from; read again when files have changed."""

    def __init__(self, args):
        self.args, self.rng, self.stamp = args, random.Random(args.seed), None
        self.given = data.load({'pair', 'nli'})
        self.refresh()

    def refresh(self):
        stamp = [(p, os.path.getmtime(p)) for kind in ('banks', 'stance', 'natural', 'passages', 'edits', 'whole', 'presumed') for p in data.ours(kind)]
        if stamp == self.stamp:
            return
        self.stamp = stamp
        pools = {**self.given, **data.load({'bank', 'whole', 'turn', 'natural', 'presumed', 'stance', 'edit', 'position', 'voice'})}
        kept = {k: [x for x in v if k in ('presumed', 'natural') or data.fold(x.event) != self.args.fold] for k, v in pools.items()}
        self.dev = {k: [x for x in v if data.fold(x.event) == self.args.fold] for k, v in pools.items() if k in ('bank', 'pair', 'stance', 'nli', 'edit', 'position', 'voice')}
        self.wholes = collections.defaultdict(list)
        for x in kept.pop('whole'):
            self.wholes[x.event].append(x)
        self.banks = collections.defaultdict(list)
        for x in kept.pop('bank'):
            if data.fold('share' + x.event, 1000) < self.args.share * 1000:
                self.banks[x.event].append(x)
        # By matter and label: a set yields a hundred pairs, of which a step takes a few.
        self.turns = collections.defaultdict(lambda: ([], [], []))
        for x in kept.pop('turn'):
            self.turns[x.event][x.y].append(x)
        self.turns = {k: v for k, v in self.turns.items() if v[0] and v[2]}
        ours = {x.event for x in data.banks(data.ours('banks'))}
        self.weights = [self.args.new if e in ours else 1 for e in self.banks]
        # Languages by the square root of their share, so that the small ones are seen.
        self.pools = {k: {lang: [x for x in v if x.lang == lang] for lang in {x.lang for x in v}} for k, v in kept.items() if v}
        # Propositions of training events with their language.
        self.propositions = sorted({(d['proposition'], d.get('lang', 'en'), d['topic']) for path in [*data.given('stance'), *data.ours('stance')] for d in data.lines(path)
                                    if data.fold(d['topic']) != self.args.fold})
        # What a matter's propositions name may be told of instead of "we".
        self.about = collections.defaultdict(list)
        for proposition, _, topic in self.propositions:
            self.about[topic].append(proposition)
        self.texts = [x.b for v in self.banks.values() for x in v]
        print({'banks': len(self.banks), 'ours': len(ours & set(self.banks)), **{k: len(v) for k, v in kept.items()}}, flush=True)

    def draw(self, pool, reader):
        "The rows of one step, at most --pieces pieces."
        out, room = [], self.args.pieces
        while True:
            if pool == 'bank':
                name = self.rng.choices(list(self.banks), self.weights)[0]
                rows = [noisy(Row(x.a, x.b, x.y, x.kind, name, x.lang), self.texts, self.rng) for x in self.banks[name]]
                self.rng.shuffle(rows)
            elif pool == 'whole':
                name = self.rng.choice(list(self.wholes))
                rows = [retold(Row(x.a, x.b, x.y, x.kind, name, x.lang), self.rng) for x in self.wholes[name]]
                self.rng.shuffle(rows)
            elif pool == 'turn' and self.rng.random() < .2:
                proposition, lang, name = self.rng.choice(self.propositions)
                rows = plain_turns(proposition, lang, name, self.rng)
                self.rng.shuffle(rows)
            elif pool == 'turn':
                name = self.rng.choice(list(self.turns))
                none, softening, reversal = self.turns[name]
                some = self.rng.sample(none, min(6, len(none))) + self.rng.sample(softening, min(1, len(softening))) + self.rng.sample(reversal, min(4, len(reversal)))
                rows = [Row(x.a, x.b, x.y, x.kind, name, x.lang) for x in some]
                if self.about[name] and self.rng.random() < .5:
                    about = self.rng.choice(self.about[name])
                    rows = [row._replace(a=third(row.a, about) or row.a, b=third(row.b, about) or row.b) for row in rows]
                rows = [retold(row, self.rng) if self.rng.random() < .5 else row for row in rows]
                self.rng.shuffle(rows)
            else:
                by = self.pools[pool]
                x = self.rng.choice(by[self.rng.choices(list(by), [len(v) ** .5 for v in by.values()])[0]])
                rows = [Row(x.a, x.b, x.y, x.kind, '', x.lang)]
                if pool == 'stance':
                    rows = [retold_stance(rows[0], self.rng)]
                    if self.rng.random() < .1:
                        proposition, lang, _ = self.rng.choice(self.propositions)
                        rows = [plain_stance(proposition, lang, self.rng) or rows[0]]
            for row in rows:
                room -= len(reader.pair(row.a, row.b))
                if room < 0:
                    return out or [row]
                out.append(row)


def ranking(logits, y, groups):
    """The mean of softplus(other - reversal) over the pairs of one bank, by the log-odds of a reversal (RankNet, Burges et al. 2005)."""
    odds = logits[:, 2] - torch.logsumexp(logits[:, :2], -1)
    losses = []
    for g in set(groups):
        i = [k for k, h in enumerate(groups) if h == g]
        up, down = [k for k in i if y[k] == 2], [k for k in i if y[k] == 0]
        if g and up and down:
            losses.append(F.softplus(odds[down][None, :] - odds[up][:, None]).mean())
    return torch.stack(losses).mean() if losses else logits.sum() * 0


HEAD = {'bank': 'rev', 'whole': 'rev', 'turn': 'rev', 'pair': 'rev', 'natural': 'rev', 'presumed': 'rev', 'stance': 'stance', 'nli': 'nli', 'edit': 'nli', 'position': 'position', 'voice': 'voice'}


def labelled(judge, pool, h, rows, args):
    """The loss of a step whose rows have labels."""
    head = HEAD[pool]
    logits, y = judge.heads[head](h), torch.tensor([r.y for r in rows], device=h.device)
    if head != 'rev':
        return F.cross_entropy(logits, y, label_smoothing=.05)
    loss = F.cross_entropy(logits, y, weight=torch.tensor([1., 1.2, 1.2], device=h.device), label_smoothing=.05)
    kinds = torch.tensor([r.kind for r in rows], device=h.device)
    if args.kind and (kinds >= 0).any():
        loss = loss + args.kind * F.cross_entropy(judge.heads['kind'](h), kinds, ignore_index=-1, label_smoothing=.05)
    if args.rank and pool in ('bank', 'whole', 'turn'):
        loss = loss + args.rank * ranking(logits, [r.y for r in rows], [r.group for r in rows])
    return loss


def main():
    args = parser.parse_args()
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    judge = model.Judge(args.base, 'eager' if args.device == 'cpu' else 'sdpa').to(args.device)
    # bfloat16 pays only where the processor multiplies it: on a GPU, or on CPUs with AMX or AVX-512 BF16 (twice as fast there).
    half = args.device != 'cpu' or torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
    if args.init:
        print('from', args.init, len(judge.restore(args.init)), 'tensors')
    for module in [judge.enc.embeddings, *judge.enc.encoder.layer][:args.freeze + 1 if args.freeze else 0]:
        module.requires_grad_(False)
    reader = model.Reader(tokenizer.load(args.tokenizer))
    pools = Pools(args)
    mix = {k: float(v) for k, v in (q.split('=') for q in args.mix.split(','))}
    plain = [p for n, p in judge.named_parameters() if p.requires_grad and (n.endswith('bias') or 'LayerNorm' in n)]
    decay = [p for n, p in judge.named_parameters() if p.requires_grad and not (n.endswith('bias') or 'LayerNorm' in n)]
    opt = torch.optim.AdamW([{'params': decay, 'weight_decay': .01}, {'params': plain, 'weight_decay': 0.}], lr=args.lr, betas=(.9, .98), fused=args.device == 'cpu')
    average = {k: v.detach().clone() for k, v in judge.trainable_state().items()}

    def save(name, state):
        os.makedirs(args.out, exist_ok=True)
        path = os.path.join(args.out, name)
        torch.save({'model': {k: v.to(torch.bfloat16) for k, v in state.items()}, 'args': vars(args)}, path + '.part')
        os.replace(path + '.part', path)

    def report():
        live = {k: v.detach().clone() for k, v in judge.trainable_state().items()}
        judge.load_state_dict(average, strict=False)
        measure.report(judge, reader, pools.dev, args.device)
        judge.load_state_dict(live, strict=False)

    start = saved = measured = time.time()
    losses, step, pieces = collections.defaultdict(lambda: None), 0, 0
    while True:
        now = time.time()
        done = (now - start) / 60 / args.minutes
        if done >= 1:
            break
        lr = args.lr * min(1, (step + 1) / 50) * max(.02, 1 - done)
        for g in opt.param_groups:
            g['lr'] = lr
        names = [k for k in mix if k in ('bank', 'whole', 'turn') or pools.pools.get(k)]
        pool = pools.rng.choices(names, [mix[k] for k in names])[0]
        rows = pools.draw(pool, reader)
        # Those of like length together, so that little is padded.
        rows.sort(key=lambda r: len(reader.pair(r.a, r.b)))
        parts = [reader.batch([(r.a, r.b) for r in rows[i:i + args.rows]]) for i in range(0, len(rows), args.rows)]
        pieces += sum(int((mask > 0).sum()) for _, mask in parts)
        with torch.autocast(torch.device(args.device).type, torch.bfloat16, enabled=half):
            h = torch.cat([judge.hidden(ids.to(args.device), mask.to(args.device)) for ids, mask in parts]).float()
        loss = labelled(judge, pool, h, rows, args)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
        opt.step()
        opt.zero_grad(set_to_none=True)
        step += 1
        keep = min(.997, step / (step + 20))
        with torch.no_grad():
            for k, v in judge.trainable_state().items():
                average[k].lerp_(v, 1 - keep)
        losses[pool] = loss.item() if losses[pool] is None else .97 * losses[pool] + .03 * loss.item()
        if step % 25 == 0:
            pools.refresh()
            print(step, f'{(now - start) / 60:.1f} min', f'{pieces / (now - start + 1e-9):.0f} pieces/s', {k: round(v, 3) for k, v in losses.items()}, f'lr {lr:.1e}', flush=True)
        if now - saved > 240:
            saved = now
            save('live.pt', judge.trainable_state())
            save('judge.pt', average)
        if now - measured > args.measure * 60:
            measured = now
            report()
    save('live.pt', judge.trainable_state())
    save('judge.pt', average)
    report()


if __name__ == '__main__':
    main()
