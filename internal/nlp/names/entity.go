package names

import (
	"slices"
	"strings"
)

// resolve finds the entity that a named one is, the newest first, or adds it.
func (f *finder) resolve(e *Entity) int {
	var candidates []int
	for _, k := range keysOf(e) {
		candidates = append(candidates, latest(f.keys[k])...)
	}
	slices.Sort(candidates)
	for _, i := range slices.Backward(slices.Compact(candidates)) {
		if o := &f.names.Entities[i]; sameEntity(o, e) {
			o.learn(e)
			f.index(i)
			return i
		}
	}
	return f.addEntity(*e)
}

func (f *finder) addEntity(e Entity) int {
	f.names.Entities = append(f.names.Entities, e)
	i := len(f.names.Entities) - 1
	f.index(i)
	return i
}

// index files an entity under its keys.
func (f *finder) index(i int) {
	for _, k := range keysOf(&f.names.Entities[i]) {
		if !slices.Contains(latest(f.keys[k]), i) {
			f.keys[k] = append(f.keys[k], i)
		}
	}
}

func latest[T any](list []T) []T { return list[max(0, len(list)-lookBack):] }

// keysOf lists what two names of one entity have in common, as sameEntity asks: the whole
// name, its last word, its first letters, its country, a word of the office.
func keysOf(e *Entity) []string {
	var keys []string
	for _, name := range append([]string{e.Name}, e.Aliases...) {
		name = strings.ToLower(name)
		w := strings.Fields(name)
		if len(w) == 0 {
			continue
		}
		keys = append(keys, strings.Join(w, " "), w[len(w)-1], strings.ReplaceAll(strings.Join(w, ""), ".", ""))
		if len(w) > 1 {
			keys = append(keys, acronym(w))
		}
	}
	if e.Kind == Place && e.Government != "" {
		keys = append(keys, "in "+e.Government)
	}
	if e.Kind == Person {
		for w := range strings.FieldsSeq(e.Role) {
			keys = append(keys, officeKey(w))
		}
	}
	return keys
}

func officeKey(word string) string { return "office " + word }

// learn takes over what another name of the same entity tells.
func (o *Entity) learn(e *Entity) {
	if e.Name != "" && !strings.EqualFold(e.Name, o.Name) && !slices.Contains(o.Aliases, e.Name) {
		short := e.Name
		if len(e.Name) > len(o.Name) && o.Name != o.Government || e.Name == e.Government {
			short, o.Name = o.Name, e.Name
		}
		if short != "" {
			o.Aliases = append(o.Aliases, short)
		}
	}
	if o.Kind == Other {
		o.Kind = e.Kind
	}
	if len(e.Role) > len(o.Role) {
		o.Role = e.Role
	}
	if o.Government == "" {
		o.Government = e.Government
	}
	if o.gender == 0 {
		o.gender = e.gender
	}
}

// sameEntity tells whether a new name may speak of a known entity.
func sameEntity(o, e *Entity) bool {
	if e.Kind != o.Kind && e.Kind != Other && o.Kind != Other {
		return false
	}
	if e.Name == "" || o.Name == "" {
		// Someone known by office: the same office, of no other country.
		return e.Kind == Person && o.Kind == Person && e.Role != "" && o.Role != "" && suits(o.Role, e.Role, e.Role[strings.LastIndexByte(e.Role, ' ')+1:]) &&
			(e.Government == "" || o.Government == "" || e.Government == o.Government)
	}
	a, b := strings.Fields(strings.ToLower(o.Name)), strings.Fields(strings.ToLower(e.Name))
	if slices.Equal(a, b) {
		return true
	}
	for _, alias := range o.Aliases {
		if strings.EqualFold(alias, e.Name) {
			return true
		}
	}
	if e.Kind == Place && o.Kind == Place && e.Government != "" && e.Government == o.Government {
		return Country(o.Name) != "" && Country(e.Name) != "" && load().peoples[strings.ToLower(e.Name)] == ""
	}
	if len(a) < len(b) {
		a, b = b, a
	}
	if acronym(a) == strings.ReplaceAll(strings.Join(b, ""), ".", "") && len(a) > 1 {
		return true
	}
	if o.Kind == Person || e.Kind == Person {
		// The last name, or both first and last of a fuller name.
		return len(b) > 0 && a[len(a)-1] == b[len(b)-1] && (len(b) == 1 || a[0] == b[0] || len(b[0]) <= 2 && a[0][0] == b[0][0])
	}
	return false
}

// acronym is what the first letters of the words that count spell.
func acronym(words []string) string {
	var b strings.Builder
	for _, w := range words {
		switch w {
		case "of", "the", "for", "and", "on", "in":
		default:
			b.WriteByte(w[0])
		}
	}
	return b.String()
}
