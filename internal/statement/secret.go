package statement

import (
	"log/slog"
	"strings"
)

// Secret is a password or token. It prints masked wherever it is formatted,
// logged or marshalled; only Reveal gives it away.
type Secret string

const masked = "********"

// Reveal is the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String is the mask, or nothing for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return masked
}

// GoString keeps the secret out of %#v.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// LogValue keeps the secret out of logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps the secret out of JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// HideLogin masks the user name and the password of an address such as that of
// a proxy; also of one that is no address, as a person may have mistyped it.
func HideLogin(address string) string {
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		scheme, rest = "", address
	} else {
		scheme += "://"
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		return scheme + masked + rest[at:]
	}
	return address
}
