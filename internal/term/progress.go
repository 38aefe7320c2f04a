package term

import (
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Progress is a bar on a terminal, and nothing anywhere else. Lines printed
// through it do not tear it. All methods are safe for concurrent use.
type Progress struct {
	mu   sync.Mutex
	bar  *progressbar.ProgressBar
	show bool
}

// NewProgress draws on w if it is a terminal.
func NewProgress(w io.Writer, label string) *Progress {
	p := &Progress{show: IsTerminal(w)}
	if p.show {
		p.bar = progressbar.NewOptions(-1,
			progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(label), progressbar.OptionSetWidth(24),
			progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true), progressbar.OptionSpinnerType(14))
		_ = p.bar.RenderBlank() // something is to be seen before the first answer
	}
	return p
}

// Set tells how much is done; the total may grow.
func (p *Progress) Set(done, total int) {
	if !p.show {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if total > 0 && p.bar.GetMax() != total {
		p.bar.ChangeMax(total)
	}
	_ = p.bar.Set(min(done, total)) // a bar that cannot be drawn harms nothing
}

// Print runs print while the bar is out of the way.
func (p *Progress) Print(print func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.show {
		_ = p.bar.Clear()
	}
	print()
}

// Done takes the bar away.
func (p *Progress) Done() {
	if p.show {
		p.mu.Lock()
		defer p.mu.Unlock()
		_ = p.bar.Clear()
		_ = p.bar.Exit()
	}
}
