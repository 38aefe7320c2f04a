// Package api is the JSON API of the desk, /api/v1: whatever a page or a command does, for programs. Its records are those of package
// wire; its document is OpenAPI 3.1, at /api/v1/openapi.json.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"volteface/internal/clock"
	"volteface/internal/diff"
	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
)

// Root is where the API lies.
const Root = "/api/v1"

// Monitor is what decides; *monitor.Monitor is one.
type Monitor interface {
	Decide(ctx context.Context, id string, r state.Review) (others []state.Finding, left int, err error)
	Restore(ctx context.Context, id string) (state.Finding, error)
	Propose(ctx context.Context, proposition string, terms []string) (monitor.Proposal, error)
	Backtest(ctx context.Context, o monitor.BacktestOptions) (monitor.Backtested, error)
}

// Office is what the program does beside the store for whoever asks, by the same functions as its commands.
type Office interface {
	// Sources says how the named sources do, or all; an unknown one is statement.ErrNotFound.
	Sources(ctx context.Context, ids []string) ([]wire.Source, error)
	// Catalogue is every source that is defined, by its id; Topics every topic, by name.
	Catalogue() (map[string]statement.Source, error)
	Topics() ([]statement.Topic, error)
	// EditReader reads edits, for what a diff is held to be.
	EditReader() (diff.Reader, error)
	// Attended reports whether a daemon runs on the store, which makes the visits that are due.
	Attended() bool
	// Alert words an alert as it would be sent now; statement.ErrNotFound if there is none.
	Alert(ctx context.Context, id int64) (wire.ShownAlert, error)
	// Mute holds back what would be told of a source or topic, and says how many waiting alerts that are; Unmute ends that, and says
	// how many are due now. An unknown subject, or one that is not muted, is statement.ErrNotFound.
	Mute(ctx context.Context, subject string, until time.Time) (held int, err error)
	Unmute(ctx context.Context, subject string) (due int, err error)
	// Retry makes alerts due now, all that wait for another attempt if none is named.
	Retry(ctx context.Context, ids []int64) error
}

// Archive keeps captured bytes; state/blob's folder is one.
type Archive interface {
	Get(ctx context.Context, sha256 string) ([]byte, error)
}

// Options are what the API stands on.
type Options struct {
	Store   state.Store
	Archive Archive
	Monitor Monitor // nil where nothing may be changed
	Office  Office
	Clock   clock.Clock
	Log     *slog.Logger
	// Authorize says who asks, and what they may. Errors are answered with 401, unless they are a *Problem.
	Authorize func(*http.Request) (Caller, error)
	// PublicURL is where the program is reached; empty for wherever it is asked.
	PublicURL string
	Version   string
	ReadOnly  bool // nobody may change anything, whatever their scope
}

type api struct {
	Options
	huma huma.API
	turn chan struct{} // of whoever has the judge read
}

// nameProblems has huma answer with our problems: it asks a variable of its package for them.
var nameProblems sync.Once

// New makes the handler of everything under Root.
func New(o Options) http.Handler {
	handler, _ := build(o)
	return handler
}

// Document is the OpenAPI document, as JSON.
func Document(version string) ([]byte, error) {
	_, a := build(Options{Version: version})
	return a.huma.OpenAPI().MarshalJSON()
}

func build(o Options) (http.Handler, *api) {
	nameProblems.Do(func() {
		huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
			return refusal(ctx, status, message, errs)
		}
		huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
			return refusal(nil, status, message, errs)
		}
		huma.DefaultArrayNullable = false // lists are empty, and never null
	})
	config := huma.DefaultConfig("volteface", o.Version)
	config.CreateHooks, config.DocsPath, config.SchemasPath, config.OpenAPIPath = nil, "", "", "/openapi"
	config.RejectUnknownQueryParameters = true
	config.Info.Description = strings.TrimSpace(description)
	config.Info.License = &huma.License{Name: "Apache 2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0"}
	config.Servers = []*huma.Server{{URL: strings.TrimRight(o.PublicURL, "/") + Root, Description: "this volteface"}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "an API key, as the desk or `volteface people key` gives it out"},
	}
	config.Tags = tags
	mux := http.NewServeMux()
	a := &api{Options: o, huma: humago.NewWithPrefix(mux, Root, config), turn: make(chan struct{}, 1)}
	a.statements()
	a.changes()
	a.reversals()
	a.editions()
	a.sources()
	a.topics()
	a.alerts()
	a.stats()
	a.finish()
	mux.HandleFunc(Root+"/", a.nowhere)
	return a.guard(mux), a
}

const description = `
What volteface keeps of official statements, for programs: statements, their revisions, captures and edits, what appears to contradict
what, how sources do, and what was sent to whom. Fields are those of docs/json.md; every field is always there, and what is unknown
is "", 0, false or []. Times are RFC 3339 in UTC.

Lists come a page at a time: next is the cursor of the following page, "" on the last. What is recorded while you walk through a
list neither repeats nor hides anything of it. Answers carry an ETag: ask again with If-None-Match, and what has not changed costs
nothing (304). Errors are problem details (RFC 9457), with a hint where there is advice.

Titles, texts and addresses come from the pages that are watched: escape them.
`

var tags = []*huma.Tag{
	{Name: "statements", Description: "What was published, as it was at each time"},
	{Name: "changes", Description: "Edits, removals and what else happened to pages"},
	{Name: "reversals", Description: "What appears to contradict what, and what people decided"},
	{Name: "editions", Description: "Statements of one thing in two languages or by two governments"},
	{Name: "sources", Description: "The pages that are watched, and how they do"},
	{Name: "topics", Description: "Standing questions, and who took which position when"},
	{Name: "alerts", Description: "What was sent to whom, and what waits"},
	{Name: "stats", Description: "Numbers of all that is kept"},
}

// Operations without a body have this.
type nothing struct{}

// operation is what each needs.
type operation struct {
	id, method, path string
	tag              string
	summary          string
	description      string
	scope            Scope
	status           int // of success; 200 if zero
}

// add registers an operation.
func add[I, O any](a *api, op operation, handler func(context.Context, *I) (*O, error)) {
	status := op.status
	if status == 0 {
		status = http.StatusOK
	}
	failures := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusInternalServerError}
	if strings.Contains(op.path, "{") {
		failures = append(failures, http.StatusNotFound)
	}
	if op.method != http.MethodGet {
		failures = append(failures, http.StatusConflict)
	}
	huma.Register(a.huma, huma.Operation{
		OperationID: op.id, Method: op.method, Path: op.path, Tags: []string{op.tag}, Summary: op.summary, Description: op.description, DefaultStatus: status,
		Errors: failures, Security: []map[string][]string{{"key": {}}}, MaxBodyBytes: maxBody, Metadata: map[string]any{"scope": op.scope},
		Middlewares: huma.Middlewares{a.authorized(op.scope)},
	}, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// maxBody is the most that is read of a request, in bytes.
const maxBody = 64 << 10

// finish puts right what reflection cannot know of the records.
func (a *api) finish() {
	schemas := a.huma.OpenAPI().Components.Schemas.Map()
	orNull := func(of, property, name string) {
		if s := schemas[of]; s != nil {
			s.Properties[property] = &huma.Schema{AnyOf: []*huma.Schema{{Ref: "#/components/schemas/" + name}, {Type: "object", Nullable: true, Enum: []any{nil}}}} // says the same in OpenAPI 3.0 too
		}
	}
	orNull("Reversal", "second_opinion", "SecondOpinion")
	orNull("Side", "translation", "MachineText")
	for path, item := range a.huma.OpenAPI().Paths {
		if item.Get != nil && !strings.HasSuffix(path, "/raw") {
			item.Get.Responses["304"] = &huma.Response{Description: "It is as If-None-Match has it."}
		}
	}
}
