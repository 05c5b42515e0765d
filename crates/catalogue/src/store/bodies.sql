-- Large values lie apart, so that going through records does not drag them along.
CREATE TABLE bodies (
    row INTEGER PRIMARY KEY,
    answer INTEGER NOT NULL,        -- bytes of the answer to a program, OSV JSON
    packed BLOB NOT NULL            -- the answer and, if it is another text, the document behind it; zstd
);
-- What texts were compressed with, by zstd's number, which also stands in each of them.
CREATE TABLE dictionaries (
    number INTEGER PRIMARY KEY,
    form INTEGER NOT NULL,          -- the format of the documents that it is for
    bytes BLOB NOT NULL
);
