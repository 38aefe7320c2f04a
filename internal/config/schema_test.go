package config

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/invopop/jsonschema"

	"volteface/configs"
	"volteface/internal/alert"
	"volteface/internal/statement"
)

var update = flag.Bool("update", false, "write the generated schemas")

// The schemas that editors use are generated from the types: go test
// ./internal/config -run Schema -update writes them.
func TestSchemasAreThoseOfTheTypes(t *testing.T) {
	for name, v := range map[string]any{"source.schema.json": &statement.Source{}, "topic.schema.json": &statement.Topic{}, "volteface.schema.json": &Config{}, "webhook.schema.json": &alert.Payload{}} {
		reflector := jsonschema.Reflector{
			FieldNameTag: "yaml", DoNotReference: false, ExpandedStruct: true, RequiredFromJSONSchemaTags: true,
			Mapper: func(t reflect.Type) *jsonschema.Schema {
				switch t {
				case reflect.TypeFor[statement.Duration]():
					return &jsonschema.Schema{Type: "string", Pattern: `^([0-9.]+(ns|us|µs|ms|s|m|h))+$|^0$|^\$\{.+\}$`}
				case reflect.TypeFor[statement.Secret](), reflect.TypeFor[statement.Date]():
					return &jsonschema.Schema{Type: "string"}
				}
				return nil
			},
		}
		if name == "webhook.schema.json" { // what programs read, and more fields may join
			reflector.FieldNameTag, reflector.AllowAdditionalProperties = "json", true
		}
		schema := reflector.Reflect(v)
		schema.ID = ""
		want, err := json.MarshalIndent(schema, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, '\n')
		if *update {
			if err := os.WriteFile(filepath.Join("..", "..", "configs", name), want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := configs.Files.ReadFile(name)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the types say; run go test ./internal/config -run Schema -update", name)
		}
	}
}
