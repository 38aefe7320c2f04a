package monitor

import (
	"strings"
	"testing"

	"volteface/internal/statement"
)

// What a page declares counts, unless its text plainly is in another language.
func TestTongue(t *testing.T) {
	const (
		arabic = "أعلنت وزارة الخارجية اليوم أن المباحثات مع الوفد الزائر ستستمر حتى الأسبوع المقبل، وأنها لم تتلق أي رد رسمي على المقترح الذي قدمته الشهر الماضي بشأن وقف إطلاق النار وتبادل الأسرى بين الجانبين."
		french = "Le ministère des affaires étrangères a déclaré que les entretiens avec la délégation se poursuivraient jusqu'à la semaine prochaine et qu'aucune réponse officielle n'avait été reçue à ce jour."
		danish = "Udenrigsministeriet meddelte i dag, at drøftelserne med delegationen vil fortsætte indtil næste uge, og at der endnu ikke er modtaget noget officielt svar på det forslag, som blev fremlagt i sidste måned."
		pashto = "د بهرنیو چارو وزارت نن وویل چې له پلاوي سره خبرې به تر راتلونکې اونۍ دوام ومومي او تر اوسه یې د هغه وړاندیز په اړه کوم رسمي ځواب نه دی ترلاسه کړی چې تېره میاشت یې د اوربند په اړه کړی و."
	)
	for _, test := range []struct{ name, declared, text, want string }{
		{"a template in English", "en-US", arabic, "ar"},
		{"a template in English", "en", french, "fr"},
		{"nothing declared", "", french, "fr"},
		{"rightly declared", "fr-CA", french, "fr-CA"},
		{"kin", "no", danish, "no"},
		{"a language that cannot be told", "ps", pashto, "ps"},
		{"too short to contradict", "en", "Le ministre a démenti.", "en"},
		{"nothing to tell by", "", "2026 – 1,204", ""},
	} {
		doc := statement.Document{Language: test.declared, Body: test.text}
		if tongue(&doc); doc.Language != test.want {
			t.Errorf("%s (%s): %q, want %q: %s", test.name, test.declared, doc.Language, test.want, strings.Fields(test.text)[0])
		}
	}
}
