package statement

import (
	"log/slog"
	"net/url"
)

// Address is one that may hold a login, such as that of a proxy. It prints
// without it wherever it is formatted, logged or marshalled; only Reveal gives
// all of it.
type Address string

// Reveal is the address with its login.
func (a Address) Reveal() string { return string(a) }

// String is the address without its login.
func (a Address) String() string { return HideLogin(string(a)) }

// GoString keeps the login out of %#v.
func (a Address) GoString() string { return `"` + a.String() + `"` }

// LogValue keeps the login out of logs.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalText keeps the login out of JSON and YAML.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Auth is how a source's own site is signed in to: a user and a password (HTTP
// Basic, RFC 7617), or a token (Bearer, RFC 6750).
type Auth struct {
	User         string `yaml:"user,omitempty" json:"user,omitempty" jsonschema_description:"name to sign in with, by HTTP Basic"`
	Password     Secret `yaml:"password,omitempty" json:"password,omitempty" jsonschema_description:"password, best as \"${NAME}\" from the environment"`
	PasswordFile string `yaml:"password_file,omitempty" json:"password_file,omitempty" jsonschema_description:"file that holds the password"`
	Token        Secret `yaml:"token,omitempty" json:"token,omitempty" jsonschema_description:"token to sign in with instead (Bearer), best as \"${NAME}\" from the environment"`
	TokenFile    string `yaml:"token_file,omitempty" json:"token_file,omitempty" jsonschema_description:"file that holds the token"`
}

// IsZero reports whether nobody signs in.
func (a Auth) IsZero() bool { return a == Auth{} }

// OwnHosts are the hosts that the definition calls the source's own: that of
// its address, with the port if one is written, and its aliases. Only they are
// sent its headers, cookies and login.
func (s Source) OwnHosts() []string {
	hosts := append([]string{}, s.HostAlias...)
	if u, err := url.Parse(s.URL); err == nil && u.Host != "" {
		hosts = append([]string{u.Host}, hosts...)
	}
	return hosts
}

// OwnWay reports whether the source's pages are asked for in another way than
// all others.
func (s Source) OwnWay() bool {
	return s.Proxy != "" || len(s.Headers) > 0 || len(s.Cookies) > 0 || !s.Auth.IsZero()
}

// TakeLogin takes the login out of an address; it is empty where there is none
// or the address cannot be read.
func TakeLogin(address string) (plain string, login Auth) {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address, Auth{}
	}
	password, _ := u.User.Password()
	login = Auth{User: u.User.Username(), Password: Secret(password)}
	u.User = nil
	return u.String(), login
}
