package monitor

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync"

	"volteface/internal/extract"
	"volteface/internal/statement"
	"volteface/state"
)

const (
	// batchSize is how many bytes of an archive, whole lines, are kept as one
	// blob and recorded in one transaction.
	batchSize = 1 << 20
	// maxLine bounds a line of an archive, in bytes; the longest of 9,181
	// statements of the White House has 164 KB.
	maxLine = 16 << 20
)

// ImportOptions shape the reading of an archive.
type ImportOptions struct {
	Source  func(id string) (statement.Source, bool) // the defined sources
	Into    string                                   // the source all lines belong to; "" takes each line's own
	Recheck bool                                     // look at the pages behind the lines from now on
	DryRun  bool                                     // read and count, and remember nothing
	// Reject is called for every line that cannot be kept, with its number in
	// the archive, from 1.
	Reject func(line int, reason error)
	// Progress is called after each batch.
	Progress func(Imported)
}

// Imported counts what an archive came to.
type Imported struct {
	Lines    int   // read, blank ones apart
	New      int   // statements made
	Known    int   // whose address was known before
	Rejected int   // that cannot be kept
	Bytes    int64 // of the archive, unpacked
}

// Import records the statements of an archive, one a line (extract.ParseLine),
// whose pages nobody has seen. The lines themselves are the evidence: they are
// kept as they are, a batch of them a blob. Nothing of it is news: no event, no
// alert, and no look at the page unless asked for. An address that is known
// already is passed over, so that the same archive can be imported again after
// a crash, or when it has grown.
//
// What an analysis needs is in the revisions recorded; it finds them as it
// finds those of visits.
func (m *Monitor) Import(ctx context.Context, archive io.Reader, o ImportOptions) (count Imported, err error) {
	ctx, cancel := context.WithCancel(ctx)
	batches := make(chan *batch, runtime.GOMAXPROCS(0))
	reader := &batchReader{from: bufio.NewReaderSize(archive, 256<<10)}
	im := &importer{Monitor: m, options: o, extractors: map[string]*extract.Extractor{}}
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(batches)
		for {
			b := reader.next()
			reading.Go(func() { defer close(b.ready); im.read(ctx, b) })
			select {
			case batches <- b: // as many are read ahead as the channel holds
			case <-ctx.Done():
				return
			}
			if b.end != nil {
				return
			}
		}
	})
	defer reading.Wait()
	defer cancel()
	for b := range batches {
		<-b.ready
		if err := im.record(ctx, b, &count); err != nil {
			return count, err
		}
		if b.end != nil && b.end != io.EOF {
			return count, fmt.Errorf("read the archive after line %d: %w", b.first+b.lines-1, b.end)
		}
		if o.Progress != nil {
			o.Progress(count)
		}
	}
	return count, ctx.Err()
}

type importer struct {
	*Monitor
	options ImportOptions

	mu         sync.Mutex
	extractors map[string]*extract.Extractor // by source
}

// batch is a piece of an archive, and what its lines say.
type batch struct {
	bytes []byte
	first int   // number of its first line in the archive
	lines int   // in it, blank ones included
	end   error // why no batch follows; nil if one may
	long  []int // numbers of lines too long to be kept

	ready    chan struct{} // closed once the rest is filled in
	sha      string
	done     *state.Batch // it has been imported before
	archived []archived
	rejected []rejection
	err      error
}

type archived struct {
	src     statement.Source
	url     string
	locator string
	doc     statement.Document
}

type rejection struct {
	line   int
	reason error
}

// batchReader cuts an archive into batches. The cuts depend on the bytes alone.
type batchReader struct {
	from  *bufio.Reader
	lines int // read so far
}

func (r *batchReader) next() *batch {
	b := &batch{first: r.lines + 1, ready: make(chan struct{})}
	for len(b.bytes) < batchSize {
		start, size := len(b.bytes), 0
		var err error
		for {
			var part []byte
			part, err = r.from.ReadSlice('\n')
			if size += len(part); size <= maxLine {
				b.bytes = append(b.bytes, part...)
			}
			if err != bufio.ErrBufferFull {
				break
			}
		}
		if err != nil && err != io.EOF { // a line half read is not there
			b.bytes, b.end = b.bytes[:start], err
			return b
		}
		if size > 0 {
			b.lines++
			r.lines++
		}
		if size > maxLine {
			b.bytes = append(b.bytes[:start], '\n')
			b.long = append(b.long, r.lines)
		}
		if err == io.EOF {
			b.end = err
			return b
		}
	}
	return b
}

// read turns a batch into documents and keeps its bytes.
func (im *importer) read(ctx context.Context, b *batch) {
	if b.lines == 0 {
		return
	}
	b.sha = statement.SHA256(b.bytes)
	if done, err := im.Store.Batch(ctx, im.name(b)); err == nil {
		b.done = &done
		return
	} else if !errors.Is(err, statement.ErrNotFound) {
		b.err = err
		return
	}
	for _, line := range b.long {
		b.rejected = append(b.rejected, rejection{line, fmt.Errorf("longer than %d MiB", maxLine>>20)})
	}
	n := 0
	for raw := range bytes.Lines(b.bytes) {
		n++
		if ctx.Err() != nil {
			b.err = ctx.Err()
			return
		}
		if len(bytes.TrimSpace(raw)) == 0 {
			continue
		}
		a, err := im.archived(raw)
		if err != nil {
			b.rejected = append(b.rejected, rejection{b.first + n - 1, err})
			continue
		}
		a.locator = extract.LineLocator(n)
		b.archived = append(b.archived, a)
	}
	if len(b.archived) > 0 && !im.options.DryRun {
		if _, err := im.Blobs.Put(ctx, b.bytes); err != nil {
			b.err = fmt.Errorf("keep the lines from %d on: %w", b.first, err)
		}
	}
}

// name says which bytes a batch is, and to which source they were put.
func (im *importer) name(b *batch) string {
	return statement.SHA256([]byte(b.sha + "\n" + im.options.Into))
}

func (im *importer) archived(raw []byte) (archived, error) {
	line, err := extract.ParseLine(raw)
	if err != nil {
		return archived{}, err
	}
	if im.options.Into != "" {
		line.Source = im.options.Into
	}
	if line.Source == "" {
		return archived{}, errors.New("no source")
	}
	src, known := im.options.Source(line.Source)
	if !known {
		return archived{}, fmt.Errorf("there is no source %.80q", line.Source)
	}
	x, err := im.extractor(src)
	if err != nil {
		return archived{}, err
	}
	doc, err := x.Archived(line)
	if err != nil {
		return archived{}, err
	}
	doc.Fingerprint = x.Fingerprint(statement.ByImport)
	if len(doc.Speakers) == 0 {
		doc.Speakers = src.Speakers
	}
	return archived{src: src, url: line.URL, doc: doc}, nil
}

func (im *importer) extractor(src statement.Source) (*extract.Extractor, error) {
	im.mu.Lock()
	defer im.mu.Unlock()
	x := im.extractors[src.ID]
	if x != nil {
		return x, nil
	}
	x, err := extract.New(src)
	if err == nil {
		im.extractors[src.ID] = x
	}
	return x, err
}

// record is the T1 of a batch.
func (im *importer) record(ctx context.Context, b *batch, count *Imported) error {
	if b.err != nil {
		return b.err
	}
	count.Bytes += int64(len(b.bytes))
	if b.done != nil {
		count.Lines += b.done.Lines
		count.Known += b.done.Lines
		return nil
	}
	fresh := 0
	err := im.Store.Update(ctx, func(tx state.Tx) error {
		fresh = 0
		for i := range b.archived {
			added, err := im.add(tx, b, &b.archived[i])
			if err != nil {
				return fmt.Errorf("record %s: %w", b.archived[i].url, err)
			}
			if added {
				fresh++
			}
		}
		if im.options.DryRun {
			return errDryRun
		}
		if len(b.rejected) > 0 || b.lines == 0 { // what is wrong may be put right, in the archive or the sources
			return nil
		}
		return tx.PutBatch(state.Batch{ID: im.name(b), At: im.Clock.Now(), Lines: len(b.archived), New: fresh})
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return err
	}
	count.Lines += len(b.archived) + len(b.rejected)
	count.New += fresh
	count.Known += len(b.archived) - fresh
	count.Rejected += len(b.rejected)
	if im.options.Reject != nil {
		for _, r := range b.rejected {
			im.options.Reject(r.line, r.reason)
		}
	}
	return nil
}

// add records one statement, unless its address is known.
func (im *importer) add(tx state.Tx, b *batch, a *archived) (bool, error) {
	key := a.src.Key(a.url)
	if _, err := tx.ByKey(a.src.ID, key); !errors.Is(err, statement.ErrNotFound) {
		return false, err
	}
	now := im.Clock.Now()
	st := statement.Statement{ID: statement.NewID(a.src.ID, key), Source: a.src.ID, URL: a.url, Revision: 1, FirstSeen: now, CaptureHash: b.sha}
	if im.options.Recheck {
		st.NextCheck = now
	}
	r := statement.Revision{Statement: st.ID, N: 1, Snapshot: b.sha, Locator: a.locator, ContentType: extract.ArchiveType, URL: a.url, SeenAt: now}
	setText(&r, a.doc)
	setCurrent(&st, r)
	if err := tx.PutStatement(st); err != nil {
		return false, err
	}
	if err := tx.PutAlias(state.Alias{Source: a.src.ID, Key: key, Statement: st.ID, Kind: state.AliasListed, Since: now}); err != nil {
		return false, err
	}
	if err := tx.PutSnapshot(statement.Snapshot{
		Statement: st.ID, SHA256: b.sha, Size: int64(len(b.bytes)), URL: a.url, FinalURL: a.url, Locator: a.locator, FetchedAt: now,
		Header: http.Header{"Content-Type": {extract.ArchiveType}},
	}); err != nil {
		return false, err
	}
	if err := tx.PutRevision(r); err != nil {
		return false, err
	}
	return true, analysisDue(tx, st, r, true)
}
