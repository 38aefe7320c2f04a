-- +goose Up
-- The words of each statement's current revision (state/fulltext), by its row.
-- The texts themselves are kept only once, in revisions.
CREATE VIRTUAL TABLE search USING fts5 (title, text, speaker, content = '', contentless_delete = 1, tokenize = 'ascii');
-- Statements whose words are not in it yet.
CREATE TABLE unindexed (row INTEGER PRIMARY KEY) STRICT;
INSERT INTO unindexed SELECT row FROM statements;
-- +goose StatementBegin
CREATE TRIGGER revisions_unindexed AFTER INSERT ON revisions BEGIN
    INSERT OR IGNORE INTO unindexed SELECT row FROM statements WHERE id = NEW.statement;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER revisions_unindexed;
DROP TABLE unindexed;
DROP TABLE search;
