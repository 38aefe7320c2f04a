package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the table of libraries in THIRD_PARTY.md")

// licences are told by words of their texts (SPDX identifiers), the more special
// ones first.
var licences = []struct{ id, words string }{
	{"MPL-2.0", "Mozilla Public License Version 2.0"},
	{"AGPL-3.0", "GNU AFFERO GENERAL PUBLIC LICENSE"},
	{"LGPL", "GNU LESSER GENERAL PUBLIC LICENSE"},
	{"GPL", "GNU GENERAL PUBLIC LICENSE"},
	{"Apache-2.0", "Apache License Version 2.0"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose"},
	{"ISC", "Permission to use, copy, modify, and distribute this software for any purpose"},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy"},
	{"BSD-3-Clause", "may be used to endorse or promote products"},
	{"BSD-2-Clause", "Redistribution and use in source and binary forms"},
	{"Unlicense", "This is free and unencumbered software released into the public domain"},
	{"CC0-1.0", "CC0 1.0 Universal"},
}

// accepted are the kinds that may be linked: permissive ones, and the MPL, which
// asks for the source of its own files alone.
var accepted = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MPL-2.0", "Unlicense"}

func licence(t *testing.T, module, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "UNLICENSE") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(string(content), ",", " ,")), " "))
		for _, l := range licences {
			if strings.Contains(text, strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(l.words, ",", " ,")), " "))) {
				return l.id
			}
		}
	}
	if parent := filepath.Dir(folder); strings.Contains(parent, "@") { // a module inside another repository
		return licence(t, module, parent)
	}
	return "unknown"
}

// THIRD_PARTY.md names the licence of every library that is linked, rightly.
func TestLicencesAreNamed(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", `{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}`, ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	kinds := map[string][]string{}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	for _, line := range slices.Compact(lines) {
		if module, folder, found := strings.Cut(line, " "); found {
			kind := licence(t, module, folder)
			kinds[kind] = append(kinds[kind], module)
			if !slices.Contains(accepted, kind) {
				t.Errorf("%s has the licence %s", module, kind)
			}
		}
	}
	const begin, end = "| licence | libraries |\n|---|---|\n", "\n\n"
	table := ""
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		table += fmt.Sprintf("| %s | `%s` |\n", kind, strings.Join(kinds[kind], "`, `"))
	}
	path := filepath.Join("..", "..", "THIRD_PARTY.md")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(content), begin)
	there, after, _ := strings.Cut(rest, end)
	if !found || len(kinds) == 0 {
		t.Fatal("THIRD_PARTY.md has no table of libraries")
	}
	if there = strings.TrimRight(there, "\n") + "\n"; there == table {
		return
	}
	if !*update {
		t.Fatalf("the table of libraries in THIRD_PARTY.md is not\n%s\nrun go test ./cmd/volteface -run Licences -update", table)
	}
	if after != "" {
		after = "\n" + after
	}
	if err := os.WriteFile(path, []byte(before+begin+table+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
