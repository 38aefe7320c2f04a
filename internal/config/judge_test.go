package config

import (
	"path/filepath"
	"testing"
)

// A judge's folder is found from the file that names it, or from the home of who runs the program.
func TestWhereTheJudgeLies(t *testing.T) {
	for text, want := range map[string]func(file string) string{
		"judge: {model: models/large}\n":    func(file string) string { return filepath.Join(filepath.Dir(file), "models", "large") },
		"judge: {model: /models/large}\n":   func(string) string { return "/models/large" },
		"judge: {model: ~/models/large}\n":  func(string) string { return "/home/a/models/large" },
		"judge: {model: \"${M}/large\"}\n":  func(string) string { return "/models/large" },
		"judge: {}\n":                       func(string) string { return "" },
		"data_dir: ~/state\n":               func(string) string { return "" },
		"judge: {model: ~nobody/large}\n":   func(file string) string { return filepath.Join(filepath.Dir(file), "~nobody", "large") },
		"judge: {model: ../large/}\n":       func(file string) string { return filepath.Join(filepath.Dir(filepath.Dir(file)), "large") },
		"templates_dir: ~/t\njudge: null\n": func(string) string { return "" },
	} {
		cfg, err := load(t, text, env("HOME", "/home/a", "M", "/models"))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if cfg.Judge.Model != want(cfg.Path) {
			t.Errorf("%q: %q, not %q", text, cfg.Judge.Model, want(cfg.Path))
		}
		if cfg.DataDir != "" && cfg.DataDir != "/home/a/state" || cfg.TemplatesDir != "" && cfg.TemplatesDir != "/home/a/t" {
			t.Errorf("%q: data in %q, templates in %q", text, cfg.DataDir, cfg.TemplatesDir)
		}
	}
}
