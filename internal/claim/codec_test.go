package claim

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
)

// fill gives every exported field a value that is not zero, so that a field the codec
// forgets is missed.
func fill(v reflect.Value, r *rand.Rand) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), r)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1+r.IntN(3), 4))
		for i := range v.Len() {
			fill(v.Index(i), r)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), r)
		}
	case reflect.Int, reflect.Int8, reflect.Int64:
		v.SetInt(1 + r.Int64N(100))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1 + r.Uint64N(200))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(1 + r.IntN(1000)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString([]string{"drone", "é", "hand_over"}[r.IntN(3)])
	default:
		panic("the codec knows no " + v.Kind().String())
	}
}

func sampleAnalysis(seed uint64) *Analysis {
	a := &Analysis{}
	fill(reflect.ValueOf(a).Elem(), rand.New(rand.NewPCG(seed, 1)))
	a.Version = Version
	for i := range a.Claims {
		a.Claims[i].Sentence = i % len(a.Sentences)
	}
	for i := range a.Sentences {
		for k := range a.Sentences[i].Quantities {
			q := &a.Sentences[i].Quantities[k]
			q.Start, q.End = 0, 0 // not kept
		}
	}
	return a
}

func TestAnalysesComeBack(t *testing.T) {
	for seed := range uint64(20) {
		a := sampleAnalysis(seed)
		got, rest, err := Decode(append(a.Append(nil), "rest"...))
		if err != nil || string(rest) != "rest" || !reflect.DeepEqual(got, a) {
			t.Fatalf("%v, rest %q:\n%+v\nwant\n%+v", err, rest, got, a)
		}
	}
	other := sampleAnalysis(1)
	other.Version = Version + 1
	if _, _, err := Decode(other.Append(nil)); !errors.Is(err, ErrVersion) {
		t.Errorf("another version: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add(sampleAnalysis(1).Append(nil))
	f.Add((&Analysis{Version: Version}).Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, _, err := Decode(b)
		if err != nil {
			return
		}
		again, _, err := Decode(a.Append(nil))
		if err != nil || !bytes.Equal(again.Append(nil), a.Append(nil)) {
			t.Errorf("%v: %+v became %+v", err, a, again)
		}
	})
}
