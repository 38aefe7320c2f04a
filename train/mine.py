"""Finds natural pairs in streams of real statements, for reading.

    mine.py pairs OUT STREAM…           each passage with the nearest earlier ones of its issuer (BM25)
    mine.py score BASE TOKENIZER CHECKPOINT PAIRS OUT    adds p, the highest first
    mine.py sheet SCORED OUT [--from 0 --to 300]         what a reader reads
    mine.py label SHEET LABELS OUT                       labels joined with the pairs by reference

Labels are kept by reference (address and SHA-256 of both passages), not with the streams' text: data.py finds the text again in the streams.
"""
import argparse
import collections
import gzip
import hashlib
import json
import math
import random
import re

LABEL = re.compile(r"^((?:MR|MS|MRS|DR|GEN|SEN|SECRETARY|PRESIDENT|THE PRESIDENT|THE VICE PRESIDENT|VICE PRESIDENT|ADMIRAL|AMBASSADOR|GENERAL|ATTORNEY GENERAL|"
                   r"ADMINISTRATOR|SENIOR ADMINISTRATION OFFICIAL|DIRECTOR|CHAIR|UNDER SECRETARY)[A-Z\.\-’' ]*):\s*|^(Q)\s+|^([A-Z][A-Za-z\.\-’' ]{2,40}):\s+")
SENTENCE = re.compile(r'(?<=[\.\?!…])[”"’\)]*\s+(?=[A-ZА-ЯІЇЄ“"‘\(])')
WORDS = 55  # of a passage
Passage = collections.namedtuple('Passage', 'day source address speaker question text')


def windows(sentences):
    out, cur = [], []
    for s in sentences:
        if cur and len(' '.join(cur + [s]).split()) > WORDS:
            out.append(' '.join(cur))
            cur = []
        cur.append(' '.join(s.split()[:90]))
    return out + ([' '.join(cur)] if cur else [])


def passages(text):
    "(speaker, question, text) in order; a journalist's turn becomes the question of what follows."
    speaker = question = ''
    for paragraph in re.split(r'\n\s*\n|\n', text):
        p = paragraph.strip()
        if not p:
            continue
        m = LABEL.match(p)
        if m:
            p = p[m.end():]
            if m.group(2):
                speaker, question = 'Q', p
                continue
            name = m.group(1) or m.group(3)
            if speaker != 'Q' and name != speaker:
                question = ''
            speaker = name
        elif speaker == 'Q':
            question = (question + ' ' + p)[-300:]
            continue
        for i, w in enumerate(windows([s.strip() for s in SENTENCE.split(p) if s.strip()])):
            if len(w.split()) >= 7:
                yield speaker, question if i == 0 else '', w
        if len(p.split()) > 12:
            question = ''


def read(paths):
    "All passages of streams, in the order of days."
    out = []
    for path in paths:
        with (gzip.open if path.endswith('.gz') else open)(path, 'rt', encoding='utf-8') as f:
            for line in f:
                d = json.loads(line)
                day = (d.get('published') or d.get('date') or '')[:10]
                if day and d.get('text'):
                    out += [Passage(day, d.get('source', ''), d.get('url', d.get('id', '')), *p) for p in passages(d['text'])]
    return sorted(out, key=lambda p: p.day)


def side(p):
    "A passage as the judge reads it."
    return f'Q: {p.question[-200:]} A: {p.text}' if p.question else p.text


def reference(address, text):
    return address + '#' + hashlib.sha256(text.encode()).hexdigest()[:16]


def stems(text):
    return [re.sub(r"(’s|'s|ing|ed|es|s|ly)$", '', w) if len(w) > 5 else w for w in re.findall(r"[\w’']+", text.lower()) if len(w) > 2]


def neighbours(ps, rows, top, k1=1.2, b=.6, common=.01):
    "(row, earlier row, score) by BM25 (Robertson and Zaragoza 2009), earlier days only; words in more than one passage of a hundred are left out."
    import numpy as np
    import scipy.sparse as sp
    docs = [collections.Counter(stems(p.text)) for p in ps]
    df = collections.Counter(w for d in docs for w in d)
    n = len(ps)
    column = {w: i for i, w in enumerate(w for w, c in df.items() if 2 <= c <= max(common * n, 40))}
    length = np.array([sum(d.values()) for d in docs], float)
    r, c, v = [], [], []
    for i, d in enumerate(docs):
        for w, k in d.items():
            if w in column:
                r.append(i)
                c.append(column[w])
                v.append(math.log(1 + (n - df[w] + .5) / (df[w] + .5)) * k * (k1 + 1) / (k + k1 * (1 - b + b * length[i] / length.mean())))
    shape = (n, len(column))
    weights = sp.csr_matrix((v, (r, c)), shape, dtype=np.float32).T.tocsr()
    queries = sp.csr_matrix((np.ones(len(r), np.float32), (r, c)), shape)
    day = np.array([np.datetime64(p.day).astype(int) for p in ps])
    for at in range(0, len(rows), 2000):
        block = rows[at:at + 2000]
        scores = (queries[block] @ weights).tocsr()
        for i, row in enumerate(block):
            index, value = scores.indices[scores.indptr[i]:scores.indptr[i + 1]], scores.data[scores.indptr[i]:scores.indptr[i + 1]]
            early = day[index] < day[row]
            index, value = index[early], value[early]
            seen = set()
            for k in np.argsort(-value)[:top * 4]:
                start = ps[index[k]].text[:60]
                if start not in seen and len(seen) < top:
                    seen.add(start)
                    yield row, int(index[k]), float(value[k])


def write(path, rows):
    with open(path, 'w', encoding='utf-8') as f:
        for row in rows:
            f.write(json.dumps(row, ensure_ascii=False) + '\n')


def pairs(args):
    ps = read(args.streams)
    rows = [i for i, p in enumerate(ps) if len(p.text.split()) >= 10 and args.since <= p.day < args.until]
    if args.sample:
        rows = sorted(random.Random(args.seed).sample(rows, min(args.sample, len(rows))))
    write(args.out, (dict(a=side(ps[j]), b=side(ps[i]), da=ps[j].day, db=ps[i].day, ua=ps[j].address, ub=ps[i].address, bm25=round(s, 2))
                     for i, j, s in neighbours(ps, rows, args.top)))


def score(args):
    import torch
    import model
    import tokenizer
    torch.set_num_threads(args.threads)
    judge = model.Judge(args.base)
    judge.restore(args.checkpoint)
    xs = [json.loads(line) for line in open(args.pairs, encoding='utf-8')]
    for x, p in zip(xs, model.probabilities(judge, model.Reader(tokenizer.load(args.tokenizer)), [(x['a'], x['b']) for x in xs], 'rev')):
        x['p'] = [round(v, 4) for v in p]
    write(args.out, sorted(xs, key=lambda x: -x['p'][2]))


def sheet(args):
    xs = [json.loads(line) for line in open(args.scored, encoding='utf-8')][args.first:args.to]
    with open(args.out, 'w', encoding='utf-8') as f:
        for i, x in enumerate(xs, args.first):
            f.write(f"#{i} {x['da']} → {x['db']}\nA: {x['a']}\nB: {x['b']}\n")


def label(args):
    xs = [json.loads(line) for line in open(args.scored, encoding='utf-8')]
    out = []
    for line in open(args.labels, encoding='utf-8'):
        f = line.rstrip('\n').split('\t')
        if len(f) >= 2 and f[1] in 'NSR' and f[1]:
            x = xs[int(f[0].lstrip('#'))]
            out.append(dict(a=reference(x['ua'], x['a']), b=reference(x['ub'], x['b']), label=f[1], kind=f[2] if len(f) > 2 else ''))
    write(args.out, out)
    print(len(out), collections.Counter(x['label'] for x in out))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = parser.add_subparsers(required=True)
    p = sub.add_parser('pairs')
    p.set_defaults(run=pairs)
    p.add_argument('out')
    p.add_argument('streams', nargs='+')
    p.add_argument('--top', type=int, default=3)
    p.add_argument('--sample', type=int, default=0)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--since', default='')
    p.add_argument('--until', default='9')
    p = sub.add_parser('score')
    p.set_defaults(run=score)
    for name in ('base', 'tokenizer', 'checkpoint', 'pairs', 'out'):
        p.add_argument(name)
    p.add_argument('--threads', type=int, default=2)
    p = sub.add_parser('sheet')
    p.set_defaults(run=sheet)
    p.add_argument('scored')
    p.add_argument('out')
    p.add_argument('--first', type=int, default=0)
    p.add_argument('--to', type=int, default=300)
    p = sub.add_parser('label')
    p.set_defaults(run=label)
    p.add_argument('scored')
    p.add_argument('labels')
    p.add_argument('out')
    args = parser.parse_args()
    args.run(args)


if __name__ == '__main__':
    main()
