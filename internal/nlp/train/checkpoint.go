package main

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// checkpoint is all that training needs to go on as if it had not been stopped.
type checkpoint struct {
	Epoch, Step int
	Shards      [][]byte // the generators of chance
	Params      []savedParam
}

type savedParam struct {
	Name             string
	W, M, V, Average []float32
}

// save writes a checkpoint; epoch is the next to come.
func (n *network) save(path string, epoch int) error {
	c := checkpoint{Epoch: epoch, Step: n.step}
	for i := range n.shards {
		state, err := n.shards[i].source.MarshalBinary()
		if err != nil {
			return err
		}
		c.Shards = append(c.Shards, state)
	}
	for _, p := range n.params {
		c.Params = append(c.Params, savedParam{p.name, p.w, p.m, p.v, p.average})
	}
	f, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := gob.NewEncoder(w).Encode(c); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// resume reads a checkpoint and gives the epoch to go on with: 1 if there is no file.
func (n *network) resume(path string) (int, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 1, nil
	}
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var c checkpoint
	if err := gob.NewDecoder(bufio.NewReaderSize(f, 1<<20)).Decode(&c); err != nil {
		return 0, fmt.Errorf("read %s: %w", path, err)
	}
	if len(c.Params) != len(n.params) || len(c.Shards) != len(n.shards) {
		return 0, fmt.Errorf("%s holds another network", path)
	}
	for i, p := range n.params {
		s := c.Params[i]
		if s.Name != p.name || len(s.W) != len(p.w) {
			return 0, fmt.Errorf("%s holds another network: %s", path, s.Name)
		}
		copy(p.w, s.W)
		copy(p.m, s.M)
		copy(p.v, s.V)
		copy(p.average, s.Average)
	}
	for i := range n.shards {
		if err := n.shards[i].source.UnmarshalBinary(c.Shards[i]); err != nil {
			return 0, err
		}
	}
	n.step = c.Step
	for _, l := range n.linears {
		l.refresh()
	}
	return c.Epoch, nil
}
