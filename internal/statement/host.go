package statement

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Host is what is remembered of a host, so that every process treats it alike,
// whatever restarts: whose turn it is, when it was asked last, and whether it
// wants to be left alone.
type Host struct {
	Name     string        // lower case, with the port where it is not the scheme's own
	Holder   string        // the process whose turn it is; see Holder
	Ended    time.Time     // when the last request ended
	Pause    time.Duration // wanted after it
	Failures int           // in a row: refusals, 429, 503, timeouts
	FailedAt time.Time     // when the last of them was
	ResumeAt time.Time     // it is not asked before this moment; zero if it may be
	Reason   string        // why, in words for people
	Hour     time.Time     // the hour that Spent counts
	Spent    int           // requests made in that hour
	LiedAt   time.Time     // when it was last caught saying that a changed page is the same
}

// RobotsCopy is a robots.txt as it was last read, kept for the time when it
// cannot be.
type RobotsCopy struct {
	Origin string // scheme and host
	Body   []byte
	Status int
	At     time.Time
}

// begun is when this process began, or a moment after.
var begun = time.Now()

// Holder names this process in leases: host, process, and when it began to be
// a holder by the machine's clock, which tells it from an earlier process of
// the same number.
func Holder(started time.Time) string {
	return fmt.Sprintf("%s/%d/%d", hostname(), os.Getpid(), started.UnixNano())
}

func hostname() string {
	host, err := os.Hostname()
	if err != nil {
		return "localhost"
	}
	return host
}

// HolderGone tells whether a holder was a process of this machine that runs no
// more, as after a crash. Of another machine's processes nothing is known:
// their leases run out.
func HolderGone(holder string) bool {
	host, rest, _ := strings.Cut(holder, "/")
	number, rest, _ := strings.Cut(rest, "/")
	pid, err := strconv.Atoi(number)
	if err != nil || host != hostname() || pid <= 0 {
		return false
	}
	if pid == os.Getpid() { // in a container the first process has the same number after every start
		nanos, _, _ := strings.Cut(rest, "/")
		started, err := strconv.ParseInt(nanos, 10, 64)
		return err == nil && started < begun.UnixNano()
	}
	process, err := os.FindProcess(pid)
	return err != nil || errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
