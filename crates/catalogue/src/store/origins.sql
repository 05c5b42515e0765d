-- Which files of which folder a record came from: what is gone from there was deleted at its source.
CREATE TABLE roots (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
CREATE TABLE origins (
    root INTEGER NOT NULL,
    file TEXT NOT NULL,
    row INTEGER NOT NULL,
    hash BLOB NOT NULL,             -- of the document as it lies there, which may be older than what is kept
    PRIMARY KEY (root, file, row)
) WITHOUT ROWID;
CREATE INDEX origins_by_row ON origins (row);
