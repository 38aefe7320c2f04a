package main

import "strings"

// serbian writes Serbian in Latin letters. Three Cyrillic letters become two each.
var serbian = strings.NewReplacer(
	"а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "ђ", "đ", "е", "e", "ж", "ž", "з", "z", "и", "i", "ј", "j", "к", "k", "л", "l", "љ", "lj",
	"м", "m", "н", "n", "њ", "nj", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "ћ", "ć", "у", "u", "ф", "f", "х", "h", "ц", "c", "ч", "č",
	"џ", "dž", "ш", "š")

// inLatin gives the n-grams in Latin letters, filed by their new length. Those that grow beyond the longest are cut, which counts
// their first letters a little too often; that does no harm.
func inLatin(plain []map[string]float64) []map[string]float64 {
	out := make([]map[string]float64, len(plain))
	for n := range out {
		sum := sums{}
		for s, f := range plain[n] {
			rs := []rune(serbian.Replace(s))
			sum.add(string(rs[:n+1]), f)
		}
		out[n] = map[string]float64{}
		for s := range sum {
			out[n][s] = sum.of(s)
		}
	}
	return out
}
