"""Figures of a checkpoint. usage: measure.py BASE TOKENIZER CHECKPOINT [--fold F]   Average precision is of reversals against everything else."""
import argparse
import collections
import json

import data
import model


def average_precision(scores, truth):
    "Of a ranking by score; ties in the order of least favour."
    order = sorted(zip(scores, truth), key=lambda x: (-x[0], x[1]))
    hits = total = 0
    for i, (_, t) in enumerate(order, 1):
        if t:
            hits += 1
            total += hits / i
    return total / hits if hits else float('nan')


def recall_at(scores, truth, precision=.9):
    "The highest recall at which the precision of a ranking is at least this; what is weighed excludes softenings."
    hits, best, n = 0, 0., sum(truth)
    for i, (_, t) in enumerate(sorted(zip(scores, truth), key=lambda x: (-x[0], x[1])), 1):
        hits += t
        if hits / i >= precision:
            best = max(best, hits / max(n, 1))
    return best


def macro_f1(guess, truth, classes):
    f = []
    for c in range(classes):
        tp = sum(g == c and t == c for g, t in zip(guess, truth))
        wrong = sum((g == c) != (t == c) for g, t in zip(guess, truth))
        f.append(2 * tp / (2 * tp + wrong) if tp + wrong else float('nan'))
    return sum(f) / len(f)


def reversal_row(p, examples):
    s, truth = [q[2] for q in p], [x.y == 2 for x in examples]
    hard = [(a, t) for a, t, x in zip(s, truth, examples) if x.y != 1]
    return dict(n=len(s), ap=round(average_precision(s, truth), 3), chance=round(sum(truth) / len(truth), 2), recall_at_90=round(recall_at(*zip(*hard)), 3))


def report(judge, reader, dev, device='cpu', limit=1500):
    """Prints a row a set of the examples that were kept; returns the rows."""
    rows = {}
    groups = collections.defaultdict(list)
    for x in dev.get('bank', []):
        own = x.source.split('/')[1] in {f.split('/')[-1].split('.')[0] for f in data.ours('banks')}
        groups[('our ' if own else '') + ('banks, English' if x.lang == 'en' else 'banks, other languages')].append(x)
    for x in dev.get('pair', []):
        groups['pairs, ' + x.source].append(x)
    for x in dev.get('natural', []):
        groups['natural pairs'].append(x)
    for name, xs in sorted(groups.items()):
        rows[name] = reversal_row(model.probabilities(judge, reader, [(x.a, x.b) for x in xs[:limit]], 'rev', device=device), xs[:limit])
    for name, want in (('stance, English', True), ('stance, other languages', False)):
        xs = [x for x in dev.get('stance', []) if (x.lang == 'en') == want][:limit]
        if xs:
            guess = [q.index(max(q)) for q in model.probabilities(judge, reader, [(x.a, x.b) for x in xs], 'stance', device=device)]
            rows[name] = dict(n=len(xs), macro_f1=round(macro_f1(guess, [x.y for x in xs], 4), 3))
    xs = [x for x in dev.get('nli', []) if x.lang in ('ar', 'es', 'fa', 'fr', 'he', 'ru')]
    xs = xs[::max(1, len(xs) // 500)]
    if xs:
        guess = [q.index(max(q)) for q in model.probabilities(judge, reader, [(x.a, x.b) for x in xs], 'nli', device=device)]
        rows['nli, ar es fa fr he ru'] = dict(n=len(xs), accuracy=round(sum(g == x.y for g, x in zip(guess, xs)) / len(xs), 3))
    xs = dev.get('edit', [])
    if xs:
        guess = [q.index(max(q)) for q in model.probabilities(judge, reader, [(x.a, x.b) for x in xs], 'nli', device=device)]
        rows['edits, what follows'] = dict(n=len(xs), accuracy=round(sum(g == x.y for g, x in zip(guess, xs)) / len(xs), 3))
    for task in ('position', 'voice'):
        xs = dev.get(task, [])
        if xs:
            guess = [q.index(max(q)) for q in model.probabilities(judge, reader, [(x.a, '') for x in xs], task, device=device)]
            rows[task] = dict(n=len(xs), accuracy=round(sum(g == x.y for g, x in zip(guess, xs)) / len(xs), 3))
    for name, row in rows.items():
        print(' ', name, json.dumps(row), flush=True)
    return rows


def main():
    import tokenizer
    import torch
    parser = argparse.ArgumentParser()
    parser.add_argument('base')
    parser.add_argument('tokenizer')
    parser.add_argument('checkpoint')
    parser.add_argument('--fold', type=int, default=0)
    parser.add_argument('--threads', type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    judge = model.Judge(args.base)
    judge.restore(args.checkpoint)
    reader = model.Reader(tokenizer.load(args.tokenizer))
    pools = data.load({'bank', 'pair', 'stance', 'nli', 'edit', 'position', 'voice'})
    report(judge, reader, {k: [x for x in v if data.fold(x.event) == args.fold] for k, v in pools.items()})


if __name__ == '__main__':
    main()
