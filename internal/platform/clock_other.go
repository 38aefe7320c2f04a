//go:build !linux

package platform

import "errors"

// Monotonic is the machine's monotonic clock in microseconds; 0 where it cannot be told. Only systemd, which is of Linux,
// wants it.
func Monotonic() int64 { return 0 }

// ClockKept reports whether something keeps the machine's clock right; errors.ErrUnsupported where only a person can tell.
func ClockKept() (bool, error) { return false, errors.ErrUnsupported }
