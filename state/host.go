package state

import (
	"context"
	"time"

	"volteface/internal/statement"
)

// Keeper is the part of a Store that remembers how hosts are to be treated,
// for all processes that share it, and what is wrong with pages.
type Keeper interface {
	// HoldHost takes or renews a process's right to ask a host, until a moment,
	// and gives what is remembered of the host. While another holder's right
	// runs, held is false, the Host names that holder, and the host is marked as
	// wanted; with from, that holder's right is taken over.
	HoldHost(ctx context.Context, name, holder, from string, now, until time.Time) (h statement.Host, held bool, err error)
	// HostWanted reports whether another process waits for the host.
	HostWanted(ctx context.Context, name string) (bool, error)
	// PutHost records what is remembered of a host, all but whose turn it is;
	// with release, the holder's right ends.
	PutHost(ctx context.Context, h statement.Host, holder string, release bool) error
	// Hosts lists every host that is left alone at a moment, by name.
	Hosts(ctx context.Context, now time.Time) ([]statement.Host, error)
	// Robots is the last copy of a robots.txt; statement.ErrNotFound if there is
	// none. PutRobots keeps one.
	Robots(ctx context.Context, origin string) (statement.RobotsCopy, error)
	PutRobots(ctx context.Context, c statement.RobotsCopy) error

	// Troubles lists what is wrong with pages of a source, the longest standing
	// first.
	Troubles(ctx context.Context, source string) ([]statement.Trouble, error)
	// Moving lists the places of a source whose value moves by itself, the
	// longest known first; MovingValues what stood at those of a statement's page,
	// oldest first.
	Moving(ctx context.Context, source string) ([]statement.Moving, error)
	MovingValues(ctx context.Context, id string) ([]statement.MovingValue, error)
	// Signs lists the looks that found a statement's page gone, oldest first.
	Signs(ctx context.Context, id string) ([]statement.Sign, error)
}
