"""Reads every labelled set as examples.

Sets come from two folders: the evaluation folder of VOLTEFACE_SHARED (or --eval) and data/ beside this file.
A text that answers a question is written "Q: question A: answer" on both sides of the judge.
"""
import collections
import dataclasses
import functools
import glob
import gzip
import hashlib
import json
import os
import re

import mine

HERE = os.path.dirname(os.path.abspath(__file__))
EVAL = os.environ.get('VOLTEFACE_EVAL') or os.path.join(os.environ.get('VOLTEFACE_SHARED', '../shared'), 'eval')

REVERSAL_KINDS = '''denial_to_admission admission_to_denial ruled_out_to_done commitment_to_withdrawal support_to_opposition
red_line_dropped number_revised blame_shift retraction legality_or_assessment_flip cross_speaker'''.split()
SOFTENING_KINDS = 'hedge_added hedge_dropped scope_narrowed stops_denying under_review'.split()
NONE_KINDS = '''restatement_paraphrase denial_repeated added_detail reported_speech question_quoted conditional_hypothetical
different_actor different_object_or_place different_time_scope event_progress deontic_vs_factual superlative_never double_negation
same_words_other_sense planned_renewal boilerplate_overlap quote_of_predecessor announced_exception unrelated_same_entities
escalation undecided_to_decided'''.split()
KINDS = REVERSAL_KINDS + SOFTENING_KINDS + NONE_KINDS

LABELS = {
    'rev': {'N': 0, 'S': 1, 'R': 2, 'none': 0, 'softening': 1, 'partial': 1, 'reversal': 2},
    'nli': {'entailment': 0, 'neutral': 1, 'contradiction': 2},
    'stance': {'affirms': 0, 'denies': 1, 'qualifies': 2, 'silent': 3},
    'position': {'none': 0, 'position': 1},
    'voice': {'issuer': 0, 'other': 1},
}
HEADS = {'nli': 3, 'rev': 3, 'stance': 4, 'kind': len(KINDS), 'position': 2, 'voice': 2}

# What a quarter of a question says is enough; the end of it asks.
QUESTION = 200


@dataclasses.dataclass(frozen=True)
class Example:
    """One labelled pair. a is the earlier passage (rev), the premise (nli) or the passage (stance); b the later passage, the
    hypothesis or the proposition; empty for heads that read one passage. event names what must not be split between training and measuring."""
    task: str
    a: str
    b: str
    y: int
    event: str
    source: str
    lang: str = 'en'
    kind: int = -1
    weight: float = 1.0


def lines(path):
    """The objects of a file of JSON Lines. A last line that is still being written is left out."""
    opener = gzip.open if path.endswith('.gz') else open
    with opener(path, 'rt', encoding='utf-8') as f:
        for line in f:
            if not line.strip():
                continue
            try:
                yield json.loads(line)
            except ValueError:
                if not path.startswith(HERE):
                    raise


def fold(event, of=12):
    """The fold of an event, the same in every run (and that of the first checkpoint)."""
    return int.from_bytes(hashlib.sha256(('d' + event).encode()).digest()[:4], 'big') % of


def banks(paths):
    for path in paths:
        for bank in lines(path):
            st = bank['statements']
            for x, y, label, kind in bank['pairs']:
                yield Example('rev', st[x]['t'], st[y]['t'], LABELS['rev'][label], bank['event'], 'banks/' + os.path.basename(path)[:-6],
                              bank.get('lang', 'en'), KINDS.index(kind) if kind in KINDS else -1)


def with_question(side):
    text, question = side.get('text') or side.get('quote'), side.get('question') or ''
    return f'Q: {question[-QUESTION:]} A: {text}' if question else text


def real(path, source):
    "Real pairs with their addresses. What is contested is left out."
    for d in lines(path):
        if d['label'] != 'contested':
            yield Example('rev', with_question(d['before']), with_question(d['after']), LABELS['rev'][d['label']], d['topic'], source,
                          d.get('lang', 'en'), KINDS.index(d['kind']) if d.get('kind') in KINDS else -1)


def cases(path, whole):
    "Written cases: the deciding sentences, or the texts as they are."
    for d in lines(path):
        a, b = (d['before']['text'], d['after']['text']) if whole else (d['key_before'], d['key_after'])
        yield Example('rev', a, b, LABELS['rev'][d['label']], d['event'], 'cases', 'en', KINDS.index(d['kind']) if d.get('kind') in KINDS else -1)


def wholes(paths):
    """Whole texts: their deciding sentences, the texts at once, and of their other passages those pairs that an earlier judge took for the
    likeliest turns ({"case", "a", "b"} in hard.jsonl beside them): none, unless both sides hold deciding sentences."""
    hard = collections.defaultdict(list)
    for path in paths:
        if path.endswith('/hard.jsonl'):
            for d in lines(path):
                hard[d['case']].append((d['a'], d['b']))
    for path in paths:
        if path.endswith('/hard.jsonl'):
            continue
        for d in lines(path):
            kind = KINDS.index(d['kind']) if d.get('kind') in KINDS else -1
            same = lambda a, b: (LABELS['rev'][d['label']], kind) if holds(a, d['key_before']) and holds(b, d['key_after']) else (0, -1)
            texts = with_question(d['before']), with_question(d['after'])
            for a, b, (y, k) in ((d['key_before'], d['key_after'], (LABELS['rev'][d['label']], kind)), (*texts, (LABELS['rev'][d['label']], kind)),
                                 *((a, b, same(a, b)) for a, b in hard[d['id']])):
                yield Example('rev', a, b, y, d['event'], 'wholes', d.get('lang', 'en'), k)


def holds(passage, key):
    "Reports whether a passage holds most words of a deciding sentence, or the sentence most of the passage."
    def grams(t):
        t = re.sub(r'\W+', ' ', t.lower()).strip()
        return {t[i:i + 5] for i in range(max(1, len(t) - 4))}
    a, b = grams(passage), grams(key)
    return len(a & b) >= .4 * min(len(a), len(b))


def nli():
    for path in sorted(glob.glob(EVAL + '/nli/*/pairs.jsonl.gz')):
        for d in lines(path):
            if d['premise'] and d['hypothesis']:
                text = d['premise'] + d['hypothesis']
                yield Example('nli', d['premise'], d['hypothesis'], LABELS['nli'][d['label']], text, 'nli/' + path.split('/')[-2], d['lang'])


def edits(paths):
    "Sentences as they stood and as an editor changed them: what follows from the one for the other, both ways."
    for path in paths:
        for d in lines(path):
            for a, b, label in ((d['before'], d['after'], d['forward']), (d['after'], d['before'], d['back'])):
                yield Example('nli', a, b, LABELS['nli'][label], d['event'], 'edits', d.get('lang', 'en'))


def stance(paths):
    for path in paths:
        for d in lines(path):
            for p in d['passages']:
                yield Example('stance', p['t'], d['proposition'], LABELS['stance'][p['label']], d['topic'], 'stance/' + os.path.basename(path)[:-6], p.get('lang', d.get('lang', 'en')))


def turns(paths):
    """Pairs of passages of one stance set: who affirmed and then denies has turned, who says the same again has not, nor has who then
    speaks of something else. Where a matter has several propositions all of them are asked. Pairs with what only qualifies are left
    out but for what weakens an affirmation."""
    topics = collections.defaultdict(lambda: collections.defaultdict(dict))
    for path in paths:
        for d in lines(path):
            for p in d['passages']:
                topics[d['topic']][p['t'], p.get('lang', d.get('lang', 'en'))][d['proposition']] = p['label']
    for topic, passages in topics.items():
        for (a, _), x in passages.items():
            for (b, lang), y in passages.items():
                both = {(x[p], y[p]) for p in x if p in y}
                if a == b or not both:
                    continue
                if both & {('affirms', 'denies'), ('denies', 'affirms')}:
                    label = 'R'
                elif ('affirms', 'qualifies') in both:
                    label = 'S'
                elif any('qualifies' in q for q in both) or both <= {('silent', 'silent')}:
                    continue
                else:
                    label = 'N'
                yield Example('rev', a, b, LABELS['rev'][label], topic, 'turns', lang)


STREAMS = ['whitehouse/statements-2021.jsonl.gz', 'whitehouse/statements-2022.jsonl.gz', 'streams/kremlin-en/docs.jsonl.gz', 'streams/fomc-en/docs.jsonl.gz', 'streams/ukraine-president/docs.jsonl.gz']


@functools.cache
def stream_texts():
    "The passages of the streams by reference."
    return {mine.reference(p.address, mine.side(p)): mine.side(p) for p in mine.read([f'{EVAL}/{s}' for s in STREAMS])}


def natural(paths):
    "Pairs of real streams that were read one by one: {a, b, label, kind}, where a and b are references into the streams."
    for path in paths:
        for d in lines(path):
            a, b = stream_texts().get(d['a']), stream_texts().get(d['b'])
            if a is None or b is None:
                raise KeyError(f'{path}: no stream holds {d["a"] if a is None else d["b"]}')
            yield Example('rev', a, b, LABELS['rev'][d['label']], d['a'], 'natural', 'en', KINDS.index(d['kind']) if d.get('kind') in KINDS else -1)


def decided(paths):
    "Pairs that people confirmed or dismissed, as `volteface reversals export` writes them. One that several files hold counts once."
    seen = set()
    for path in paths:
        for d in lines(path):
            if d['id'] in seen:
                continue
            seen.add(d['id'])
            yield Example('rev', with_question(d['before']), with_question(d['after']), LABELS['rev'][d['label']], d['event'], 'decided',
                          d['after'].get('lang') or 'en', KINDS.index(d['kind']) if d.get('kind') in KINDS else -1)


def presumed(path, hard):
    """Nearest earlier passages of real streams, not read: presumed none. Those that an earlier judge took for turns (hard: a line each, the
    first 16 digits of the SHA-256 of both texts) stand ten times."""
    more = {d['pair'] for h in hard for d in lines(h)}
    for d in lines(path):
        for _ in range(10 if hashlib.sha256((d['a'] + '\n' + d['b']).encode()).hexdigest()[:16] in more else 1):
            yield Example('rev', d['a'], d['b'], 0, d['a'], 'presumed')


def passages(paths, task):
    "Single passages, for the heads position and voice: {text or a reference as ref, lang?, position: none|position, voice: issuer|other}."
    for path in paths:
        for d in lines(path):
            text = d['text'] if 'text' in d else stream_texts()[d['ref']]
            yield Example(task, text, '', LABELS[task][d[task]], text, 'passages', d.get('lang', 'en'))


def ours(kind):
    return sorted(glob.glob(f'{HERE}/data/{kind}/*.jsonl') + glob.glob(f'{HERE}/data/{kind}/*.jsonl.gz'))


def given(kind):
    return sorted(glob.glob(f'{EVAL}/{kind}/*.jsonl'))


def load(only=None):
    """Every example by pool: bank (grouped pairs), whole (whole texts and their passages), turn (pairs made of stance sets), pair (real ones and cases), natural, presumed, stance, nli, edit, position, voice."""
    pools = {
        'bank': lambda: [*banks(given('banks')), *banks(ours('banks'))],
        'pair': lambda: [*real(f'{EVAL}/reversals/real.jsonl', 'real'), *real(f'{EVAL}/whitehouse/dev.jsonl', 'whitehouse'),
                         *cases(f'{EVAL}/reversals/dev.jsonl', False), *cases(f'{EVAL}/reversals/dev.jsonl', True)],
        'natural': lambda: [*natural(ours('natural')), *decided(ours('decided'))],
        'presumed': lambda: list(presumed(os.path.join(os.path.dirname(EVAL), 'model', 'stream-pairs.jsonl.gz'), ours('presumed'))),
        'stance': lambda: [*stance(given('stance')), *stance(ours('stance'))],
        'whole': lambda: list(wholes(ours('whole'))),
        'turn': lambda: list(turns([*given('stance'), *ours('stance')])),
        'nli': lambda: list(nli()),
        'edit': lambda: list(edits(ours('edits'))),
        'position': lambda: list(passages(ours('passages'), 'position')),
        'voice': lambda: list(passages(ours('passages'), 'voice')),
    }
    return {name: read() for name, read in pools.items() if only is None or name in only}


def summary(pools):
    "Counts a person can read: pools, events, languages."
    out = {}
    for name, examples in pools.items():
        langs = collections.Counter(x.lang for x in examples)
        out[name] = dict(examples=len(examples), events=len({x.event for x in examples}), languages=dict(langs.most_common(30)))
    return out


if __name__ == '__main__':
    print(json.dumps(summary(load()), indent=1, ensure_ascii=False))
