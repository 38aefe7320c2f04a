package textfile

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/htmlindex"

	"volteface/internal/statement"
)

func encoded(t testing.TB, text, name string) []byte {
	t.Helper()
	for _, m := range marks {
		if m.name == name && name != "utf-8" {
			b, err := m.encoding.NewEncoder().Bytes([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return b
}

// said are sentences as ministries write them, and the sets of that language.
var said = []struct{ sets, text string }{
	{"windows-1251 koi8-r ibm866 iso-8859-5 x-mac-cyrillic", "Министр заявил, что поставки зерна прекращены."},
	{"windows-1251 koi8-r ibm866", "Нет"},
	{"windows-1251 koi8-r ibm866 iso-8859-5", "МИД РФ: переговоры состоятся 5 ноября, сообщила официальный представитель ведомства."},
	{"windows-1251 koi8-u", "Міністерство підтвердило, що постачання зброї припинено."},
	{"windows-1251", "Беларусь не пастаўляла зброю ніводнаму з бакоў канфлікту."},
	{"windows-1251", "Правителството потвърди, че ще предостави въоръжение на Украйна."},
	{"windows-1251", "Влада је саопштила да неће увести санкције Русији."},
	{"windows-1252", "“We” – the ministry’s view: 5 % of € 200."},
	{"windows-1252", "The ministry’s answer: no."},
	{"windows-1252 iso-8859-15", "Le ministère dément avoir livré des armes à l'étranger et réaffirme sa position."},
	{"windows-1252 iso-8859-15", "Die Bundesregierung prüft die Lieferung von Kampfpanzern für die Ukraine."},
	{"windows-1252 iso-8859-15", "El Gobierno español no enviará más munición a la región, según declaró el ministro."},
	{"windows-1252 iso-8859-15", "O Governo não confirma a informação sobre as negociações."},
	{"windows-1252", "Regeringen bekräftar att förhandlingarna fortsätter på måndag."},
	{"windows-1250 iso-8859-2", "Rząd potwierdził, że dostawy broni zostaną wstrzymane."},
	{"windows-1250 iso-8859-2", "Vláda potvrdila, že dodávky zbraní nebudou pokračovat příští měsíc."},
	{"windows-1250 iso-8859-2", "A kormány megerősítette, hogy nem szállít fegyvereket a háborúban álló feleknek."},
	{"windows-1250", "Guvernul a confirmat că nu va livra arme părţilor implicate în război."},
	{"windows-1250", "Vlada je potvrdila da neće isporučivati oružje zaraćenim stranama, što je već rečeno."},
	{"windows-1254", "Bakanlık, ülkenin savaşın hiçbir tarafına silah vermediğini açıkladı."},
	{"windows-1253 iso-8859-7", "Η κυβέρνηση διαψεύδει ότι παρέδωσε όπλα σε οποιαδήποτε πλευρά."},
	{"windows-1255", "הממשלה מכחישה כי סיפקה נשק לצד כלשהו במלחמה."},
	{"windows-1256", "نفت الوزارة أنها قدمت أسلحة إلى أي طرف في الحرب."},
	{"windows-1256", "ايران هيچ سلاحي در اختيار طرف هاي جنگ قرار نداده است."},
	{"windows-1257", "Vyriausybė patvirtino, kad ginklų tiekimas bus tęsiamas kitą savaitę."},
	{"windows-1257", "Valdība apstiprināja, ka ieroču piegādes tiks pārtrauktas nākamajā mēnesī."},
	{"windows-874", "รัฐบาลปฏิเสธว่าไม่ได้ส่งมอบอาวุธให้กับฝ่ายใด"},
	{"shift_jis euc-jp iso-2022-jp", "政府は武器を供与していないと外務大臣が述べました。"},
	{"shift_jis euc-jp", "ミサイルの供与については、お答えを差し控えます。"},
	{"gbk", "外交部发言人表示，中方没有向冲突任何一方提供武器。"},
	{"big5", "外交部發言人表示，我方沒有向衝突任何一方提供武器。"},
	{"euc-kr", "정부는 전쟁 당사국에 무기를 제공하지 않았다고 밝혔다."},
}

// What Notepad and older programs save is read as what it says, without being told the character set, or refused with its name;
// never as something else.
func TestDecodeFindsTheCharset(t *testing.T) {
	refused := 0
	for _, s := range said {
		for name := range strings.FieldsSeq(s.sets) {
			text := s.text + "\r\n"
			got, err := Decode(encoded(t, text, name), "")
			switch {
			case errors.Is(err, ErrCharset):
				t.Logf("%s: %v: %s", name, err, s.text)
				if refused++; !strings.Contains(err.Error(), name) {
					t.Errorf("%s: %v", name, err)
				}
				if named, err := Decode(encoded(t, text, name), name); err != nil || string(named.Bytes) != text {
					t.Errorf("%s, named: %q, %v", name, named.Bytes, err)
				}
			case err != nil:
				t.Errorf("%s: %v", name, err)
			case string(got.Bytes) != text:
				t.Errorf("%s: read as %s: %q", name, got.Charset, got.Bytes)
			}
		}
		for _, name := range []string{"utf-16le", "utf-16be"} {
			for _, mark := range []string{"", "\uFEFF"} {
				text := s.text + "\r\nOK\r\n"
				if got, err := Decode(encoded(t, mark+text, name), ""); err != nil || string(got.Bytes) != text {
					t.Errorf("%s, mark %q: %q as %s, %v", name, mark, got.Bytes, got.Charset, err)
				}
			}
		}
		if got, err := Decode([]byte("\uFEFF"+s.text), ""); err != nil || string(got.Bytes) != s.text || got.Guessed {
			t.Errorf("utf-8 with a mark: %q, %v", got.Bytes, err)
		}
	}
	if refused > 4 {
		t.Errorf("%d are refused", refused)
	}
}

// Two words in which sets differ by a letter are no matter for a guess.
func TestDecodeRefusesByName(t *testing.T) {
	for name, test := range map[string]struct {
		bytes, label string
		want         error
		says, hint   string
	}{
		"a PDF":                {"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "", ErrNotText, "a PDF", "UTF-8"},
		"a Word document":      {"PK\x03\x04\x14\x00\x06\x00", "", ErrNotText, "ZIP", "UTF-8"},
		"a picture":            {"\x89PNG\r\n\x1a\n\x00\x00", "", ErrNotText, "image/png", "UTF-8"},
		"gzip":                 {"\x1f\x8b\x08\x00\x00", "", ErrNotText, "gzip", "UTF-8"},
		"a program":            {"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00", "", ErrNotText, "zero", "UTF-8"},
		"letters that differ":  {"\xf8\xe8", "", ErrCharset, " or ", "--charset"},
		"an unknown name":      {"a", "windows-1215", ErrCharset, "windows-1215", "windows-1251"},
		"a name that is wrong": {"caf\xe9 \xff\xfe\xfd", "shift_jis", ErrCharset, "shift_jis", "UTF-8"},
	} {
		_, err := Decode([]byte(test.bytes), test.label)
		if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) || !strings.Contains(statement.HintOf(err), test.hint) {
			t.Errorf("%s: %v (%s)", name, err, statement.HintOf(err))
		}
	}
	for name, test := range map[string]struct{ bytes, want string }{
		"UTF-32":             {"\xff\xfe\x00\x00H\x00\x00\x00i\x00\x00\x00", "Hi"},
		"UTF-32 unmarked":    {"\x00\x00\x00H\x00\x00\x00i", "Hi"},
		"a few broken bytes": {strings.Repeat("Заявление. ", 5) + "\xd0", strings.Repeat("Заявление. ", 5) + "\uFFFD"},
		"nothing":            {"", ""},
	} {
		if got, err := Decode([]byte(test.bytes), ""); err != nil || string(got.Bytes) != test.want {
			t.Errorf("%s: %q, %v", name, got.Bytes, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range said {
		for name := range strings.FieldsSeq(s.sets) {
			if enc, _ := charset.Lookup(name); enc != nil {
				f.Add(encoded(f, s.text, name), "")
			}
		}
	}
	f.Add([]byte("\xff\xfe\x00\x00\x01"), "utf-16be")
	f.Fuzz(func(t *testing.T, b []byte, label string) {
		text, err := Decode(b, label)
		if err == nil && (text.Charset == "" || strings.ToValidUTF8(string(text.Bytes), "") != string(text.Bytes)) {
			t.Fatalf("%q in %q", text.Bytes, text.Charset)
		}
	})
}
