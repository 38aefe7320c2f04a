package statement

import "errors"

// ErrNotFound says that the thing asked for is not remembered.
var ErrNotFound = errors.New("not found")

// HintedError is an error with advice for the person who sees it. The command
// line shows it as "error:" and "hint:".
type HintedError struct {
	Err  error
	Hint string
}

func (e *HintedError) Error() string { return e.Err.Error() }
func (e *HintedError) Unwrap() error { return e.Err }

// WithHint adds advice to err; nil stays nil.
func WithHint(err error, hint string) error {
	if err == nil {
		return nil
	}
	return &HintedError{Err: err, Hint: hint}
}

// HintOf is the advice nearest to the surface of err, or "".
func HintOf(err error) string {
	var h *HintedError
	if errors.As(err, &h) {
		return h.Hint
	}
	return ""
}
