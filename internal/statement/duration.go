package statement

import (
	"fmt"
	"time"
)

// ClockSlack is how far a moment may lie in the future before it is taken for
// one that was written while the clock was wrong: clocks are set by seconds all
// the time.
const ClockSlack = 5 * time.Minute

// Duration is a time.Duration that is written as people write it in
// configuration files: 500ms, 2s, 15m, 24h.
type Duration time.Duration

// UnmarshalText reads a duration such as "2s"; it fails on a negative one.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration", text)
	}
	if v < 0 {
		return fmt.Errorf("%q is not a duration: it is negative", text)
	}
	*d = Duration(v)
	return nil
}

// MarshalText writes the duration the way time.Duration prints it.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }
