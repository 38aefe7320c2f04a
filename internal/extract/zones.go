package extract

import (
	"regexp"
	"strings"
	"sync"
	"time"
)

// zones are abbreviations of time zones with their minutes east of UTC. Those
// that several zones share (IST, AMT) are read only where the source's own zone
// has them.
var zones = map[string]int{
	"GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "EET": 120, "EEST": 180,
	"MSK": 180, "MSD": 240, "TRT": 180, "SAST": 120, "CAT": 120, "EAT": 180, "WAT": 60, "GST": 240, "IRST": 210, "IRDT": 270, "PKT": 300,
	"NPT": 345, "ICT": 420, "WIB": 420, "WITA": 480, "WIT": 540, "SGT": 480, "HKT": 480, "PHT": 480, "AWST": 480, "JST": 540, "KST": 540,
	"ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
	"NST": -210, "NDT": -150, "AST": -240, "ADT": -180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
	"PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "BRT": -180, "ART": -180, "CLT": -240, "CLST": -180, "COT": -300,
}

// zoneNamed finds the zone of an abbreviation at a wall-clock time: the source's
// own where it is called so then, else the one in the list.
func zoneNamed(name string, at time.Time, own *time.Location) (*time.Location, bool) {
	name = strings.ToUpper(name)
	minutes, known := zones[name]
	if known && minutes == 0 {
		return time.UTC, true
	}
	if called, _ := at.In(own).Zone(); called == name {
		return own, true
	}
	start, end := at.ZoneBounds()
	for _, near := range []time.Time{start.Add(-time.Second), end} { // the other half of the year, for IST of Dublin
		if called, _ := near.In(own).Zone(); !near.IsZero() && called == name && !known {
			_, offset := near.In(own).Zone()
			return time.FixedZone(name, offset), true
		}
	}
	if !known {
		return nil, false
	}
	return time.FixedZone(name, minutes*60), true
}

// place recognises the name of a zone in the IANA database, such as
// America/Los_Angeles or America/Argentina/Buenos_Aires.
var place = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b[A-Z][A-Za-z]{1,13}(?:/[A-Z][A-Za-z0-9_+\-]{1,29}){1,2}\b`)
})

// zoneOfPlace takes the name of a zone out of a string; zone is nil where there
// is none.
func zoneOfPlace(s string) (rest string, zone *time.Location) {
	if !strings.Contains(s, "/") {
		return s, nil
	}
	at := place().FindStringIndex(s)
	if at == nil {
		return s, nil
	}
	zone, err := time.LoadLocation(s[at[0]:at[1]])
	if err != nil {
		return s, nil
	}
	return s[:at[0]] + " " + s[at[1]:], zone
}

// rightZone corrects what time.Parse makes of a zone's abbreviation it does
// not know: a zone of that name at offset 0.
func rightZone(t time.Time, own *time.Location) time.Time {
	name, offset := t.Zone()
	if offset != 0 || t.Location() == own || t.Location() == time.UTC || name == "" {
		return t
	}
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	zone, known := zoneNamed(name, time.Date(year, month, day, hour, minute, second, 0, own), own)
	if !known {
		zone = own
	}
	return time.Date(year, month, day, hour, minute, second, t.Nanosecond(), zone)
}
