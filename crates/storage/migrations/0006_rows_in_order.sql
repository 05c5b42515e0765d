-- SQLite only. There, BIGINT PRIMARY KEY makes a table and an index beside it, both written for each
-- row; INTEGER PRIMARY KEY is the table's own order, and WITHOUT ROWID keeps rows in the key. PostgreSQL
-- has nothing to gain. Names, columns and their order stay, so the program before runs on it, too.
CREATE TABLE events_in_order (
    seq INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    canonical BLOB NOT NULL,
    salt BLOB NOT NULL,
    commitment BLOB NOT NULL,
    UNIQUE (stream, version)
);
INSERT INTO events_in_order SELECT seq, stream, version, kind, canonical, salt, commitment FROM events ORDER BY seq;
DROP TABLE events;
ALTER TABLE events_in_order RENAME TO events;
CREATE TABLE tree_nodes_in_order (
    level BIGINT NOT NULL,
    position BIGINT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, position)
) WITHOUT ROWID;
INSERT INTO tree_nodes_in_order SELECT level, position, hash FROM tree_nodes ORDER BY level, position;
DROP TABLE tree_nodes;
ALTER TABLE tree_nodes_in_order RENAME TO tree_nodes;
