package quality

import (
	"net/http"
	"strings"

	"volteface/internal/statement"
)

// marks are headers by which a service says that it stands in the way, whatever
// the status. Sources: the services' own documentation, and for the filters,
// what their answers carry.
var marks = []struct {
	header string
	values []string // one of these, in lower case, is in the value; none: any value
	rule   string
	words  string
}{
	{"Cf-Mitigated", []string{"challenge"}, "cloudflare-challenge", "with a challenge that only a browser can pass"},
	{"X-Amzn-Waf-Action", []string{"challenge", "captcha", "block"}, "aws-waf", "from the AWS web application firewall"},
	{"X-Vercel-Mitigated", []string{"challenge", "deny"}, "vercel", "from Vercel's firewall"},
	{"X-Sucuri-Block", nil, "sucuri", "from the Sucuri firewall"},
	{"X-Datadome", []string{"protected"}, "datadome", "from DataDome"},
	{"X-Squid-Error", []string{"denied"}, "proxy-filter", "from a proxy that filters"},
	{"Rimon", []string{"block"}, "network-filter", "from the Rimon filter of this network"},
	{"X-Dns-Filter", []string{"block"}, "network-filter", "from a filter of this network"},
	{"X-Px-Block", nil, "perimeterx", "from PerimeterX"},
}

func byHeader(h http.Header, status string) (Verdict, bool) {
	for _, m := range marks {
		value := strings.ToLower(strings.Join(h.Values(m.header), ","))
		if value == "" {
			continue
		}
		for _, want := range m.values {
			if strings.Contains(value, want) {
				return Verdict{Quality: statement.Blocked, Rule: m.rule, Reason: status + ", " + m.words}, true
			}
		}
		if len(m.values) == 0 {
			return Verdict{Quality: statement.Blocked, Rule: m.rule, Reason: status + ", " + m.words}, true
		}
	}
	return Verdict{}, false
}

// fronts are the services that often answer in a site's stead; naming them
// tells the reader whom to ask.
var fronts = []struct{ header, value, name string }{
	{"Server", "akamaighost", "Akamai"}, {"Server", "cloudflare", "Cloudflare"}, {"Server", "cloudfront", "CloudFront"},
	{"X-Cache", "error from cloudfront", "CloudFront"}, {"Server", "awselb", "an AWS load balancer"},
	{"Server", "ddos-guard", "DDoS-Guard"}, {"Server", "arvancloud", "ArvanCloud"}, {"Server", "qrator", "Qrator"},
	{"X-Cdn", "imperva", "Imperva"}, {"X-Cdn", "incapsula", "Imperva"}, {"X-Iinfo", "", "Imperva"},
	{"Server", "sucuri", "Sucuri"}, {"Server", "variti", "Variti"}, {"Server-Timing", "ak_p", "Akamai"},
}

// by names the service that answered, if its headers do.
func by(h http.Header) string {
	for _, f := range fronts {
		if value := strings.ToLower(h.Get(f.header)); value != "" && strings.Contains(value, f.value) {
			return ", by " + f.name
		}
	}
	return ""
}
