-- In how many statements of a space each term is spoken of: what is rare ties two
-- passages together. Term -1 counts all statements. Postings of other keys are of
-- no use any more; what they were made from is read again.

-- +goose Up
CREATE TABLE terms (
    space TEXT NOT NULL,
    term  INTEGER NOT NULL, -- 32 bits of a hash
    n     INTEGER NOT NULL,
    PRIMARY KEY (space, term)
) STRICT, WITHOUT ROWID;
DELETE FROM postings;
DELETE FROM passages;
UPDATE analyses SET engine = '', quiet = 1, at = 0 WHERE engine <> '';

-- +goose Down
DROP TABLE terms;
