package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"volteface/internal/config"
	"volteface/state"
)

// documents are all pages of the project written for people, by their paths from its root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/decisions/*.md", "train/*.md", ".github/*.md"} {
		files, err := filepath.Glob(filepath.Join("..", "..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			pages[strings.TrimPrefix(filepath.ToSlash(file), "../../")] = string(text)
		}
	}
	if len(pages) < 30 {
		t.Fatalf("only %d pages", len(pages))
	}
	return pages
}

var links = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)

// Links between pages lead somewhere.
func TestLinksLeadSomewhere(t *testing.T) {
	for page, text := range documents(t) {
		for _, m := range links.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", "..", filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			}
		}
	}
}

var (
	decision   = regexp.MustCompile(`^# (\d{4}) [^\n]+\n\*\*Status\.\*\* (Accepted|Superseded), [^\n]+\.\n`)
	superseded = regexp.MustCompile(`by \[(\d{4})\]\((\d{4})-[a-z0-9-]+\.md\)`)
)

// Decisions say their subject, status, context, decision and consequences; what was superseded says by what; docs/README.md lists all.
func TestDecisionsAreInOneForm(t *testing.T) {
	pages := documents(t)
	index := pages["docs/README.md"]
	n := 0
	for page, text := range pages {
		name, is := strings.CutPrefix(page, "docs/decisions/")
		if !is {
			continue
		}
		n++
		m := decision.FindStringSubmatch(text)
		if m == nil || !strings.HasPrefix(name, m[1]+"-") {
			t.Errorf("%s does not begin with its number, its subject and **Status.**", page)
			continue
		}
		last := 0
		for _, part := range []string{"\n## Context\n", "\n## Decision\n", "\n## Consequences\n"} {
			at := strings.Index(text, part)
			if at <= last {
				t.Errorf("%s lacks %q, or has it in another order", page, strings.TrimSpace(part))
			}
			last = at
		}
		if by := superseded.FindStringSubmatch(text); m[2] == "Superseded" && (by == nil || by[1] != by[2]) {
			t.Errorf("%s does not say what superseded it", page)
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(text, "# "), "\n")
		_, subject, _ := strings.Cut(title, " ")
		if !strings.Contains(index, "(decisions/"+name+") "+subject) {
			t.Errorf("docs/README.md does not list %s as %q", page, subject)
		}
	}
	if n < 16 {
		t.Errorf("only %d decisions", n)
	}
}

// docs/README.md leads to every page of docs.
func TestEveryPageIsInTheIndex(t *testing.T) {
	pages := documents(t)
	for page := range pages {
		if name, is := strings.CutPrefix(page, "docs/"); is && name != "README.md" && !strings.Contains(pages["docs/README.md"], "("+name+")") {
			t.Errorf("docs/README.md does not lead to %s", page)
		}
	}
}

// Figures that stand in a page and in the program are the same.
func TestFiguresOfPagesAreThoseOfTheProgram(t *testing.T) {
	pages := documents(t)
	var opinion []string
	kind := reflect.TypeFor[config.SecondOpinion]()
	for i := range kind.NumField() {
		name, _, _ := strings.Cut(kind.Field(i).Tag.Get("yaml"), ",")
		opinion = append(opinion, name)
	}
	table := regexp.MustCompile("(?m)^\\| ((?:`[a-z_]+`(?:, )?)+) \\|")
	var told []string
	for _, m := range table.FindAllStringSubmatch(pages["docs/second-opinion.md"], -1) {
		for key := range strings.SplitSeq(m[1], ", ") {
			told = append(told, strings.Trim(key, "`"))
		}
	}
	slices.Sort(opinion)
	slices.Sort(told)
	if !slices.Equal(opinion, told) {
		t.Errorf("docs/second-opinion.md tells of %v, and there are %v", told, opinion)
	}
	for page, figure := range map[string]string{
		"docs/decisions/0007-words-made-in-go.md":         map[int]string{1000: "more than a thousand"}[state.MostRanked],
		"docs/decisions/0013-ranked-outside-the-index.md": map[int]string{1000: "a thousand at most"}[state.MostRanked],
	} {
		if figure == "" || !strings.Contains(pages[page], figure) {
			t.Errorf("%s does not say that %d statements are ranked (%q)", page, state.MostRanked, figure)
		}
	}
}

// The change log is in the form of keepachangelog.com 1.1.0: releases with their day, newest first, and kinds of change.
func TestChangelogKeepsItsForm(t *testing.T) {
	text := documents(t)["CHANGELOG.md"]
	if !strings.HasPrefix(text, "# Changelog\n") || !strings.Contains(text, "\n## [Unreleased]\n") {
		t.Error("it does not begin with its name and what is not released")
	}
	release := regexp.MustCompile(`^\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$`)
	kinds := []string{"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
	releases := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if name, is := strings.CutPrefix(line, "## "); is && name != "[Unreleased]" {
			if releases++; !release.MatchString(name) {
				t.Errorf("%q is no release", line)
			}
		}
		if kind, is := strings.CutPrefix(line, "### "); is && !slices.Contains(kinds, kind) {
			t.Errorf("%q is no kind of change", line)
		}
	}
	if releases == 0 {
		t.Error("no release is named")
	}
}

// What THIRD_PARTY.md names stands in the project.
func TestThirdPartyFilesAreThere(t *testing.T) {
	for _, m := range regexp.MustCompile("(?m)^\\| `(internal/[^`]+)`").FindAllStringSubmatch(documents(t)["THIRD_PARTY.md"], -1) {
		if _, err := os.Stat(filepath.Join("..", "..", m[1])); err != nil {
			t.Errorf("THIRD_PARTY.md names %s, which is not there", m[1])
		}
	}
}
