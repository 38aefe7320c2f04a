package claim

import "strings"

// under lets the word h above w act on the standing; it is false where nothing further
// up matters.
func (x *reader) under(h, w int, rel string, s *standing) bool {
	t := x.tree
	nominal := rel == "obj" || rel == "nsubj" || rel == "nmod" || rel == "obl" || rel == "iobj"
	e := effects[t.name[h]]
	neg, _ := t.negated(h)
	if neg && nominal && t.empty(w) {
		neg = !neg // the emptiness of w has been counted with w
	}
	m, f := t.mode(h)
	side := sides[t.name[h]]
	truth := x.truthOf(h)
	if t.verb(h) || t.copular(h) || truth != 0 {
		s.flags |= f & Past
	}
	lift := func() {
		if m != Fact && s.mode == Fact {
			s.mode = m
		}
	}
	flip := func(on bool) {
		if on {
			s.sign = -s.sign
		}
	}
	if o := t.tidings(h, w, rel); o >= 0 {
		if n, _ := t.negated(o); n {
			s.sign = 0 // "I have no update on the assistance": that says nothing of it
			return false
		}
	}
	if emptyPronouns[t.lower[h]] && rel == "acl" { // "nothing to discuss"
		flip(true)
		return true
	}
	if rel == "obl" && t.child(h, "expl") >= 0 {
		if n := t.child(h, "nsubj", "obj"); n >= 0 && n < w && x.nounEffect(n) != noEffect { // "there is no plan for X"
			return x.under(n, w, "nmod", s)
		}
	}
	if rel == "nsubj" && !t.passive(h) && occurring[t.name[h]] { // "the attack never happened"
		flip(neg)
		lift()
		s.flags &^= Mention
		return true
	}
	if rel == "nsubj" && t.child(h, "expl") >= 0 { // "there is a meeting"
		flip(neg && !t.empty(w))
		lift()
		return true
	}
	if t.noun(h) && (!t.copular(h) || nominal && x.nounEffect(h) == plans) {
		switch e := x.nounEffect(h); {
		case e == says || e == thinks || e == asks:
			s.flags |= Mention
			if o := x.whose(h); o == Others {
				s.flags |= Reported
			}
			if t.empty(h) {
				s.sign = -s.sign
			}
			return true
		case e == plans:
			if s.mode == Fact || s.mode == Should {
				s.mode = Plan
			}
			if _, f := x.party(h); f != 0 || t.childWord(h, "their") >= 0 { // "their attempt to build a wall"
				s.flags |= f | Reported
			}
			if t.empty(h) {
				s.sign = -s.sign
				s.flags |= Categorical
			}
			return true
		case rel == "nmod" || rel == "acl":
			if t.empty(h) {
				return false
			}
			if e == turns || e == begins { // "the suspension of talks"
				flip(e == turns)
				return true
			}
			if sides[t.name[h]].Any() || t.preparing(h) {
				s.flags |= Mention
				return true
			}
			return false
		}
		return false
	}
	if rel == "advcl" && t.present(h) { // "we are not here to rule it out"
		flip(neg)
		if s.mode == Fact {
			s.mode = Plan
		}
		return true
	}
	if (rel == "advcl" || rel == "xcomp") && (t.name[h] == "use" || t.getsInto(h, w)) { // "will no longer be used to construct a wall"
		flip(neg)
		lift()
		return true
	}
	if g := t.openness(h); g != 0 && (rel == "csubj" || rel == "nsubj") && (t.verb(w) || t.noun(w)) { // "going to the Fund is not on our agenda"
		flip(g < 0)
		flip(neg)
		s.mode = Plan
		return true
	}
	if (rel == "acl" || rel == "nsubj" && t.verb(w)) && t.copular(h) && caseWords[t.name[h]] { // "it is not the case that"
		flip(neg)
		return true
	}
	if (rel == "acl" || rel == "advcl" || rel == "csubj") && t.infinitive(w) && t.copular(h) && (t.name[h] == "time" || t.name[h] == "moment") { // "now is not the time to lift them"
		flip(neg)
		s.mode = Plan
		return true
	}
	if (rel == "acl" || rel == "csubj" || rel == "nsubj" && t.verb(w)) && t.copular(h) && t.name[h] == "interest" { // "it is not in our interest for them to acquire it"
		flip(neg)
		s.mode = Should
		return true
	}
	if truth != 0 && (rel == "nsubj" || rel == "csubj" || rel == "ccomp" || rel == "xcomp" || rel == "acl") {
		if truth < 0 {
			s.sign = -s.sign
			s.flags |= Denial
		}
		flip(neg)
		s.flags &^= Mention | Reported
		return true
	}
	if (rel == "xcomp" || rel == "obj") && t.name[h] == "call" && x.speaks(h) == Others { // "lawyers call it unlawful"
		s.flags |= Reported
		return false
	}
	if rel == "ccomp" && t.name[h] == "have" && x.speaks(h) == Others { // "a weekly has it that"
		s.flags |= Reported
		return false
	}
	if t.lower[h] == "going" && rel == "xcomp" {
		flip(neg)
		s.mode = Plan
		return true
	}
	switch e {
	case keeps:
		if rel == "nsubj" && !t.passive(h) {
			return false
		}
		s.flags |= Presupposed
		if rel == "ccomp" && neg && (t.name[h] == "know" || t.name[h] == "aware") {
			s.sign, s.flags = 0, s.flags|Hedged
		}
		return false
	case carries:
		if rel == "nsubj" && !t.passive(h) {
			return false
		}
		x.voice(h, w, s)
		if neg {
			if t.lower[h] == "confirm" || strings.HasPrefix(t.lower[h], "confirm") {
				s.flags |= Hedged
				s.sign = -s.sign
			} else {
				s.flags |= Hedged
			}
		}
		lift()
		if nominal {
			s.flags &^= Mention
		}
		return true
	case begins:
		if rel == "nsubj" && !t.passive(h) || rel == "obl" && !t.withPhrase(w) && !t.leadsTo(h, w) {
			return false
		}
		flip(neg)
		lift()
		s.flags &^= Mention
		return true
	case turns:
		if rel == "nsubj" && !t.passive(h) || rel == "obl" && !t.withPhrase(w) {
			return false
		}
		if nominal && !sides[t.name[w]].Any() && !t.preparing(w) && x.nounEffect(w) == noEffect {
			return false
		}
		if m := t.child(w, "mark"); m >= 0 && t.lower[m] == "that" { // hung too high: nobody "ceases that"
			return false
		}
		if (t.name[h] == "pause" || t.name[h] == "stop" || t.name[h] == "halt") && t.infinitive(w) { // "we pause to remember", "will not stop to bring them home"
			return false
		}
		s.sign = -s.sign
		flip(neg)
		lift()
		s.flags &^= Mention
		return true
	case denies:
		if rel == "nsubj" && !t.passive(h) || rel == "obl" {
			return false
		}
		if x.speaks(h) == Others {
			s.flags |= Reported
			return false
		}
		if neg {
			s.flags |= Hedged
		} else {
			s.sign = -s.sign
			s.flags |= Denial
		}
		s.flags &^= Mention | Reported
		return false
	case plans:
		if rel == "nsubj" && !t.passive(h) {
			return false
		}
		if c := t.child(w, "case"); nominal && rel != "obj" && rel != "nsubj" && !(rel == "obl" && c >= 0 && (t.lower[c] == "for" || t.lower[c] == "on") && appeals[t.name[h]]) {
			return false
		}
		x.voice(h, w, s)
		if n := t.subject(h); n >= 0 && t.lower[n] == "they" && !t.passive(h) && (t.name[h] == "want" || t.name[h] == "try") {
			s.flags |= Reported // "they want to repeal it"
		}
		flip(neg)
		if s.mode == Fact || s.mode == Plan {
			s.mode = Plan
			lift()
		}
		switch t.name[h] {
		case "call", "urge", "demand", "ask", "require", "order", "recommend", "advise", "advocate", "call_on", "call_upon", "call_for", "appeal_to", "appeal":
			n, by := t.name[h], x.speaks(h)
			if g := t.words[h].Head; n == "require" && t.base(h) == "ccomp" && g >= 0 && x.speaks(g) == Issuer {
				by = Issuer // "I determine that the public interest requires suspending"
			}
			if by == Issuer && (n == "order" || n == "require") {
				break // it is done by being said
			}
			s.mode = Should
		case "try", "attempt", "need", "threaten", "offer":
			s.flags |= Hedged
		}
		s.flags &^= Mention
		return true
	case says:
		if nominal && rel != "obj" {
			return false
		}
		x.voice(h, w, s)
		if nominal && x.speaks(h) != Others { // "I announce the withdrawal of the bill"
			s.flags &^= Mention
			lift()
		}
		if neg {
			s.flags |= Hedged
			if m == May { // "it cannot be said that"
				s.sign = -s.sign
				s.flags &^= Hedged
			}
		}
		return true
	case thinks:
		if rel == "nsubj" && !t.passive(h) {
			return false
		}
		x.voice(h, w, s)
		flip(neg)
		if t.name[h] == "appear" || t.name[h] == "seem" || t.name[h] == "expect" || t.name[h] == "anticipate" || t.name[h] == "suspect" {
			s.flags |= Hedged
		}
		return true
	case asks:
		s.flags |= Question
		return false
	}
	if rel == "ccomp" || rel == "xcomp" || rel == "csubj" {
		if g := t.words[h].Head; rel == "ccomp" && (x.speaks(h) == Others || t.base(h) == "acl" && g >= 0 && x.nounEffect(g) == says) {
			s.flags |= Reported
		}
		if side.Oppose(likelihood) || side.Agree(likelihood) || t.name[h] == "case" || t.name[h] == "possible" {
			if side.Agree(unlikely) {
				s.sign = -s.sign
				s.flags |= Hedged
			} else if t.name[h] == "likely" || t.name[h] == "probable" || t.name[h] == "possible" {
				s.flags |= Hedged
			}
			flip(neg)
			return true
		}
		flip(neg && rel == "xcomp")
		if t.name[h] == "forget" && t.infinitive(w) { // "we will never forget to honor them"
			flip(true)
		}
		lift()
		return true
	}
	if nominal && neg {
		// "We did not discuss the meeting": nothing follows for the meeting.
		s.flags |= Mention
	}
	return false
}

// tidings is the verb of having or giving news under which a phrase stands, -1 if there is
// none: "any update for you on the assistance".
func (t *tree) tidings(h, w int, rel string) int {
	o := h // the noun
	switch {
	case rel == "nmod" && t.noun(h):
	case rel == "obl" && t.verb(h):
		o = t.child(h, "obj")
	default:
		return -1
	}
	if o < 0 || o >= w || !news[t.name[o]] || !t.is(o, "obj") || !t.verb(t.words[o].Head) {
		return -1
	}
	switch v := t.words[o].Head; t.name[v] {
	case "have", "give", "share", "get", "provide", "offer":
		return v
	}
	return -1
}

var news = set(`update announcement news information detail comment readout preview guidance reaction timeline assessment specific word statement`)

// occurring are verbs that say no more of their subject than that it is so.
var occurring = set(`apply take_effect enter_into_force come_into_force take_place happen occur begin start go_ahead proceed resume continue remain stand come
go_on erupt break_out exist materialize come_about ensue`)

// appeals are verbs that ask for something by a phrase: "calls for the resignation".
var appeals = set(`call call_for call_on appeal ask press push campaign argue plead`)

var caseWords = set(`case fact truth question`)

var likelihood, unlikely, untrue, truthful Axes

func init() {
	unlikely, untrue, truthful = side("-likelihood"), side("-truth"), side("+truth")
	likelihood = unlikely.or(side("+likelihood"))
}

// truthOf tells whether a word says of its subject that it is so (1) or not so (-1).
func (x *reader) truthOf(h int) int {
	t := x.tree
	w := &t.words[h]
	a := sides[t.name[h]]
	if w.UPOS == "ADV" || w.UPOS == "VERB" && t.name[h] == "reject" || !(w.UPOS == "ADJ" || t.noun(h) || t.verb(h) && t.lower[h] != t.name[h]) {
		return 0
	}
	if !t.copular(h) && !t.is(h, "xcomp", "amod", "obl", "conj") && t.child(h, "nsubj", "nsubj:pass") < 0 {
		return 0
	}
	switch {
	case t.name[h] == "right" || t.name[h] == "confirm":
		return 0
	case w.UPOS == "VERB" && !a.Agree(untrue):
		return 0
	case a.Agree(untrue):
		return -1
	case a.Agree(truthful):
		return 1
	}
	return 0
}

// nounEffect is what a noun does to its content: a claim, a plan.
func (x *reader) nounEffect(h int) effect {
	t := x.tree
	switch t.name[h] {
	case "claim", "allegation", "accusation", "report", "rumor", "suggestion", "assertion", "story", "charge", "news", "publication", "statement", "word", "notion", "insinuation", "speculation", "talk", "information":
		if t.name[h] == "talk" && t.lower[h] == "talks" {
			return noEffect
		}
		return says
	case "plan", "intention", "intent", "proposal", "decision", "pledge", "promise", "commitment", "preparation", "readiness", "proposition", "idea", "agenda", "desire", "wish", "need", "thought", "consideration", "aim", "goal", "offer", "schedule", "track", "course", "timetable", "effort", "attempt", "bid", "campaign", "push", "drive", "scheme":
		return plans
	case "refusal", "failure", "denial", "ban", "prohibition", "abandonment", "suspension", "cancellation", "end", "halt", "withdrawal", "cessation", "removal", "termination", "abolition", "absence", "lack", "rejection", "opposition", "objection", "resistance", "avoidance", "stop", "freeze", "embargo", "moratorium", "boycott":
		return turns
	case "start", "beginning", "continuation", "completion", "resumption", "launch", "introduction":
		return begins
	}
	return noEffect
}

func (t *tree) preparing(h int) bool {
	switch t.name[h] {
	case "preparation", "notification", "process", "step", "instrument", "work", "part", "question", "matter", "issue", "possibility", "exercise", "procedure", "notice", "announcement":
		return true
	}
	return false
}

// conditional tells whether a clause is a supposition.
func (x *reader) conditional(k int) bool {
	t := x.tree
	for _, c := range t.kids[k] {
		switch t.lower[c] {
		case "if", "unless", "whether", "lest", "provided", "supposing":
			return true
		}
	}
	first := k
	for _, c := range t.kids[k] {
		first = min(first, c)
	}
	// Inverted: "Had the operators known", "Were a flood to cut off", "Should a foreign …".
	if t.base(k) == "advcl" || t.words[k].Head < 0 {
		switch t.lower[first] {
		case "had", "were", "should":
			return first < k && (first == 0 || t.words[first].Form[0] >= 'a' || t.lower[first-1] == ",") && t.words[len(t.words)-1].Form != "?"
		}
	}
	return false
}
