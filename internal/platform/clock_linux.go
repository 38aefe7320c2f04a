package platform

import "golang.org/x/sys/unix"

// Monotonic is the machine's monotonic clock (CLOCK_MONOTONIC) in microseconds; 0 where it cannot be told.
func Monotonic() int64 {
	var now unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &now) != nil {
		return 0
	}
	return now.Nano() / 1000
}

// ClockKept reports whether something, such as an NTP client, keeps the machine's clock right (adjtimex(2)).
func ClockKept() (bool, error) {
	var state unix.Timex
	if _, err := unix.Adjtimex(&state); err != nil {
		return false, err
	}
	return state.Status&unix.STA_UNSYNC == 0, nil
}
