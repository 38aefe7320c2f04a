package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"volteface/internal/statement"
)

var update = flag.Bool("update", false, "write docs/openapi.json")

const documentFile = "../../../docs/openapi.json"

// The document in docs is the one that is served; -update writes it.
func TestDocument(t *testing.T) {
	compact, err := Document("1")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", " "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	if *update {
		if err := os.WriteFile(documentFile, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(documentFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, b.Bytes()) {
		t.Errorf("docs/openapi.json is not what is served: go test ./internal/web/api -run Document -update")
	}
}

// examples are the names that paths have in the store of the tests.
var examples = strings.NewReplacer("/statements/{id}", "/statements/s-1", "/reversals/{id}", "/reversals/f-1", "/sources/{id}", "/sources/iran-mfa", "/issuers/{id}", "/issuers/ir_mfa",
	"/topics/{id}", "/topics/drones", "/alerts/{id}", "/alerts/1", "/editions/{id}", "/editions/e-1", "{n}", "1", "{subject}", "iran-mfa", "{sha256}", statement.SHA256([]byte("s-1")))

// queries are what some operations cannot do without.
var queries = map[string]string{"searchStatements": "?q=drones"}

// Every answer is what the document says it is, hostile texts and all.
func TestAnswersFitTheDocument(t *testing.T) {
	d := open(t)
	_, a := build(d.options)
	doc := a.huma.OpenAPI()
	tried := 0
	for path, item := range doc.Paths {
		if item.Get == nil || strings.HasSuffix(path, "/raw") || strings.HasPrefix(path, "/editions/{id}") {
			continue
		}
		tried++
		r := d.ask(Read, http.MethodGet, examples.Replace(path)+queries[item.Get.OperationID], "")
		content, _ := io.ReadAll(r.Body)
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", path, r.StatusCode, content)
			continue
		}
		var v any
		if err := json.Unmarshal(content, &v); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		res := &huma.ValidateResult{}
		huma.Validate(doc.Components.Schemas, item.Get.Responses["200"].Content["application/json"].Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, res)
		for _, err := range res.Errors {
			t.Errorf("%s: %v\n%s", path, err, content)
		}
		if page, ok := v.(map[string]any); ok {
			if items, list := page["items"].([]any); list && len(items) == 0 && !strings.Contains("/editions /outages /mutes /reversals/{id}/history", path) {
				t.Errorf("%s is empty, and shows nothing", path)
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d operations were tried", tried)
	}
}

// Each operation says who may use it, and is told apart.
func TestOperations(t *testing.T) {
	_, a := build(Options{})
	seen := map[string]bool{}
	for path, item := range a.huma.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete} {
			if op == nil {
				continue
			}
			scope, _ := op.Metadata["scope"].(Scope)
			if rank[scope] == 0 || (method == http.MethodGet) != (scope == Read) {
				t.Errorf("%s %s is for %q", method, path, scope)
			}
			if seen[op.OperationID] || op.OperationID == "" || op.Summary == "" || len(op.Security) == 0 || len(op.Tags) != 1 {
				t.Errorf("%s %s: %q, %q", method, path, op.OperationID, op.Summary)
			}
			seen[op.OperationID] = true
		}
	}
}
