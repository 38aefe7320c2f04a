-- Places of a source's pages whose value moves by itself, and every value that
-- was seen there and made no revision.

-- +goose Up
CREATE TABLE moving (
    source    TEXT NOT NULL,
    place     TEXT NOT NULL,
    kind      TEXT NOT NULL,
    sure      INTEGER NOT NULL,
    seen      INTEGER NOT NULL,
    looks     INTEGER NOT NULL,
    visit     INTEGER NOT NULL,
    statement TEXT NOT NULL,
    example   TEXT NOT NULL,
    dropping  TEXT NOT NULL,
    since     INTEGER NOT NULL,
    learnt_at INTEGER NOT NULL,
    loud_at   INTEGER NOT NULL,
    PRIMARY KEY (source, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE moving_values (
    row       INTEGER PRIMARY KEY,
    source    TEXT NOT NULL,
    place     TEXT NOT NULL,
    statement TEXT NOT NULL,
    at        INTEGER NOT NULL,
    value     TEXT NOT NULL,
    sha256    TEXT NOT NULL
) STRICT;
CREATE INDEX moving_values_of ON moving_values (statement, place, row);

-- +goose Down
DROP TABLE moving_values;
DROP TABLE moving;
