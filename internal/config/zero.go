package config

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// has tells whether a file gives a field, such as http.delay, a value.
func (d *document) has(field string) bool {
	if d == nil || len(d.root.Docs) == 0 || d.root.Docs[0].Body == nil {
		return false
	}
	path, err := yaml.PathString("$." + field)
	if err != nil {
		return false
	}
	node, err := path.FilterFile(d.root)
	_, null := node.(*ast.NullNode)
	return err == nil && node != nil && !null
}

// zeros refuses a 0 that would silently become the default: where it means something itself, the field is among the honoured.
func (d *document) zeros(v any, honoured ...string) error {
	if d == nil {
		return nil
	}
	return d.zerosBelow("", reflect.ValueOf(v).Elem(), honoured)
}

func (d *document) zerosBelow(at string, v reflect.Value, honoured []string) error {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			if name == "" || name == "-" {
				continue
			}
			field := strings.TrimPrefix(at+"."+name, ".")
			if err := d.zerosBelow(field, v.Field(i), honoured); err != nil {
				return err
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Struct {
			return nil
		}
		for i := range v.Len() {
			if err := d.zerosBelow(fmt.Sprintf("%s[%d]", at, i), v.Index(i), honoured); err != nil {
				return err
			}
		}
	case reflect.Int, reflect.Int64, reflect.Float64:
		if !v.IsZero() || !d.has(at) {
			return nil
		}
		for _, field := range honoured {
			if at == field || strings.HasSuffix(at, "."+field) {
				return nil
			}
		}
		return d.errorAt(at, errors.New("0 stands for nothing here"), "leave it out for the default, or write a value above 0")
	}
	return nil
}
