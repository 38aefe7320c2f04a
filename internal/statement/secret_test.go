package statement

import "testing"

func TestHideLogin(t *testing.T) {
	for address, want := range map[string]string{
		"http://user:hunter2@proxy.example:3128": "http://********@proxy.example:3128", "user:hunter2@proxy.example:3128": "********@proxy.example:3128",
		"socks5://user:hun@ter2/@proxy.example": "socks5://********@proxy.example", "http://hunter2@proxy.example": "http://********@proxy.example",
		"http://proxy.example:3128": "http://proxy.example:3128", "direct": "direct", "": "",
	} {
		if got := HideLogin(address); got != want {
			t.Errorf("%q is shown as %q, want %q", address, got, want)
		}
	}
}
