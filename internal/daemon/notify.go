package daemon

import (
	"time"

	systemd "github.com/coreos/go-systemd/v22/daemon"
)

// notify tells the service manager (sd_notify(3)); without one it does nothing.
func notify(state string) { _, _ = systemd.SdNotify(false, state) }

// stale is how long the schedule may go without being looked at before the
// daemon is thought to hang: three times the longest wait.
const stale = 3 * longestWait

// looked notes that the schedule is looked at now; fresh tells whether it has
// been lately. Both go by the time that passes, whatever the clock is set to.
func (d *daemon) looked() { d.tick.Store(int64(time.Since(epoch))) }

func (d *daemon) fresh() bool { return time.Since(epoch)-time.Duration(d.tick.Load()) < stale }

// epoch is when the program began, with the monotonic time of the machine.
var epoch = time.Now()

// watchdog tells the service manager at half its interval that the schedule
// still turns (sd_watchdog_enabled(3)); when it does not, silence has the
// daemon started anew.
func (d *daemon) watchdog() (stop func()) {
	d.looked()
	interval, err := systemd.SdWatchdogEnabled(false)
	if err != nil || interval <= 0 {
		return func() {}
	}
	ending, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(interval / 2)
		defer ticker.Stop()
		for {
			select {
			case <-ending:
				return
			case <-ticker.C:
				if d.fresh() || !d.ready.Load() {
					notify("WATCHDOG=1")
				}
			}
		}
	}()
	return func() { close(ending); <-ended }
}
