package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"volteface/internal/config"
)

// runWith runs a command line with a configuration that says so, and gives what it prints.
func runWith(t *testing.T, configuration, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "volteface.yaml")
	if err := os.WriteFile(file, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	code = Main(context.Background(), append(args, "--config", file), strings.NewReader(in), &o, &e, func(string) string { return "" })
	return code, o.String(), e.String()
}

// judgeFolder is the path of one of the small random judges.
func judgeFolder(t *testing.T, name string) string {
	t.Helper()
	folder, err := filepath.Abs(filepath.Join("..", "judge", "testdata", "folders", name))
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

const twoTexts = `{"before": "We have not delivered rifles to the militia.", "after": "Two hundred rifles were delivered."}` + "\n"

// The configured judge reads; what it cannot tell is an error, and that nobody has calibrated it is said.
func TestConfiguredJudge(t *testing.T) {
	inference, reversals := judgeFolder(t, "bert"), judgeFolder(t, "roberta")
	code, out, errs := runWith(t, "judge: {model: "+inference+"}\n", twoTexts, "check", "--pairs", "-", "--json")
	if code != 0 || !strings.Contains(out, `"p_reversal":`) || !strings.Contains(errs, "note: the judge in "+inference+" is not calibrated") {
		t.Errorf("exit %d, %s, %s", code, out, errs)
	}
	const stance = `{"proposition": "Rifles were delivered.", "text": "We have not delivered rifles."}` + "\n"
	code, out, errs = runWith(t, "judge: {model: "+inference+"}\n", stance, "check", "--stances", "-", "--json")
	if code != 0 || !strings.Contains(out, `"qualifies":0,`) {
		t.Errorf("exit %d, %s, %s", code, out, errs)
	}
	code, out, errs = runWith(t, "judge: {model: "+reversals+"}\n", stance, "check", "--stances", "-", "--json")
	if code != 1 || out != "" || !strings.Contains(errs, "error: this judge tells reversals, but no stances") || !strings.Contains(errs, "hint:") {
		t.Errorf("exit %d, %s, %s", code, out, errs)
	}
	code, out, errs = runWith(t, "judge: {model: nowhere}\n", twoTexts, "check", "--pairs", "-")
	if code != 1 || out != "" || !strings.Contains(errs, "nowhere") || !strings.Contains(errs, "hint: docs/judges.md") {
		t.Errorf("exit %d, %s, %s", code, out, errs)
	}
}

// eval measures the judge it is told, and a calibration that it writes is one that check then uses.
func TestEvalOfAJudgeInAFolder(t *testing.T) {
	sets, folder := t.TempDir(), t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(judgeFolder(t, "bert"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(sets, "reversals"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeCases(t, filepath.Join(sets, "reversals", "dev.jsonl"))
	calibration := filepath.Join(folder, "volteface.json")
	code, out, errs := runWith(t, "", "", "eval", "--sets", sets, "--fold", "-1", "--judge-model", folder, "--calibrate", calibration)
	if code != 0 || !strings.Contains(out, "calibrated: a reversal from ") {
		t.Fatalf("exit %d, %s, %s", code, out, errs)
	}
	code, out, errs = runWith(t, "", "", "eval", "--sets", sets, "--fold", "-1", "--judge-model", folder)
	if code != 0 || !strings.Contains(out, "cases, English") {
		t.Errorf("exit %d, %s, %s", code, out, errs)
	}
	code, out, errs = runWith(t, "judge: {model: "+folder+"}\n", twoTexts, "check", "--pairs", "-", "--json")
	if code != 0 || errs != "" || !strings.Contains(out, `"p_reversal":`) {
		t.Errorf("exit %d, %s, %s", code, out, errs)
	}
}

// writeCases writes labelled pairs, enough of them for a calibration.
func writeCases(t *testing.T, path string) {
	t.Helper()
	var lines strings.Builder
	for i := range 120 {
		label, after := "none", "The harvest was good."
		if i%3 == 0 {
			label, after = "reversal", "Rifles were delivered to the militia."
		}
		fmt.Fprintf(&lines, `{"event": "e%d", "label": %q, "before": {"text": "We have not delivered %d rifles to the militia."}, "after": {"text": %q}}`+"\n", i%7, label, i, after)
	}
	if err := os.WriteFile(path, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What sites see names the program honestly, and whoever runs it, where that is configured; doctor asks for it.
func TestSitesSeeWhoVisits(t *testing.T) {
	for contact, want := range map[string]string{"": "has named no contact", "https://desk.example/robot": "(+https://desk.example/robot)", "desk@news.example": "(+desk@news.example)"} {
		agent := userAgent(&config.Config{Contact: contact})
		if !strings.HasPrefix(agent, "volteface/") || !strings.Contains(agent, want) || strings.Contains(agent, "volteface.example") {
			t.Errorf("%q: %s", contact, agent)
		}
		v := examineContact(&config.Config{Contact: contact})
		if (v.State == "warning") != (contact == "") || !strings.Contains(v.Said, want) || contact == "" && !strings.Contains(v.Hint, "contact:") {
			t.Errorf("%q: %+v", contact, v)
		}
	}
	for _, bad := range []string{"two words", "https://a.example/(b)", "https://a.example/\u00e9"} {
		if code, _, errs := runWith(t, "contact: \""+bad+"\"\n", "", "sources"); code == 0 || !strings.Contains(errs, "contact") {
			t.Errorf("%q: %d, %s", bad, code, errs)
		}
	}
}

// doctor names the judge in use and the kernel.
func TestDoctorNamesTheJudge(t *testing.T) {
	folder := judgeFolder(t, "xlmr")
	for configuration, want := range map[string]string{
		"":                               `"check":"judge","state":"ok","said":"embedded (`,
		"judge: {model: " + folder + "}": `"check":"judge","state":"warning","said":"` + folder + `, kernel `,
		"judge: {model: /nowhere}":       `"check":"judge","state":"failed","said":"load the judge in /nowhere`,
	} {
		_, out, _ := runWith(t, configuration+"\nsources_dir: none\nhttp: {proxy: \"http://127.0.0.1:9\"}\n", "", "doctor", "--json", "--data-dir", t.TempDir())
		if !strings.Contains(out, want) {
			t.Errorf("%q: %s", configuration, out)
		}
	}
}

// Edits, too, are read by the judge that is configured.
func TestDiffReadsByTheConfiguredJudge(t *testing.T) {
	dir := t.TempDir()
	before, after := filepath.Join(dir, "before.txt"), filepath.Join(dir, "after.txt")
	for file, text := range map[string]string{before: "The meeting was held in a cordial atmosphere.", after: "The meeting was held in a warm atmosphere."} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		in   string
		args []string
	}{{"", []string{"diff", before, after}}, {`{"id": "1", "before": "It was cordial.", "after": "It was warm."}` + "\n", []string{"diff", "--pairs", "-"}}} {
		if code, out, errs := runWith(t, "judge: {model: /nowhere}\n", c.in, c.args...); code == 0 || !strings.Contains(errs, "load the judge in /nowhere") {
			t.Errorf("%v: %d, %s, %s", c.args, code, out, errs)
		}
		if code, out, errs := runWith(t, "", c.in, c.args...); code > 1 || out == "" {
			t.Errorf("%v: %d, %s, %s", c.args, code, out, errs)
		}
	}
}

// What is too long to be read to the end is told.
func TestLongTextsAreTold(t *testing.T) {
	long := strings.Repeat(`It is so.\n`, 1<<14) + "We deny it."
	in := `{"stream": "a", "n": 1, "language": "en", "text": "We deny it."}` + "\n" + `{"stream": "a", "n": 2, "language": "en", "text": "` + long + `"}` + "\n"
	if code, _, errs := runWith(t, "", in, "check", "--stream", "-"); code != 0 || !strings.Contains(errs, "1 of 2 statements was too long to be read to the end") {
		t.Errorf("%d: %s", code, errs)
	}
}
