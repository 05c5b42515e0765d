-- The catalogue: what others publish, and what this centre publishes, to be searched and matched.
-- All of it can be made again from its sources. Instants are microseconds since 1970, UTC.

CREATE TABLE records (
    row INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    kind INTEGER NOT NULL,          -- the format of the document
    id TEXT NOT NULL,               -- as its source spells it
    key TEXT NOT NULL,              -- as it is looked up
    title TEXT NOT NULL,
    published INTEGER,
    modified INTEGER,
    withdrawn INTEGER,
    state INTEGER NOT NULL,         -- 0 stands, 1 rejected, 2 withdrawn, 3 deleted at its source
    severity INTEGER,               -- tenths of a point
    rated INTEGER,                  -- where it has none: what the records of its CVE id have
    flaws INTEGER,                  -- of how many vulnerabilities it speaks, if several that may have scores
    exploited INTEGER NOT NULL,     -- says so itself, or is listed as known exploited
    hash BLOB NOT NULL,             -- SHA-256 of the document
    first_import INTEGER NOT NULL,
    last_import INTEGER NOT NULL,
    change INTEGER NOT NULL         -- the number of its last change; the search index follows it
);
CREATE UNIQUE INDEX records_by_key ON records (key, source);
CREATE UNIQUE INDEX records_by_change ON records (change);
CREATE INDEX records_of_lists ON records (source) WHERE source = 7;

CREATE TABLE names (
    key TEXT NOT NULL,
    relation INTEGER NOT NULL,      -- 0 its own id, 1 an alias, 2 related
    row INTEGER NOT NULL,
    PRIMARY KEY (key, relation, row)
) WITHOUT ROWID;
CREATE INDEX names_by_row ON names (row);

CREATE TABLE packages (
    ecosystem TEXT NOT NULL,        -- lower case, without its suffix
    name TEXT NOT NULL,             -- equal for all spellings of a package
    row INTEGER NOT NULL,
    place INTEGER NOT NULL,         -- which of the record's affected rows
    suffix TEXT,                    -- the release (`12` of `Debian:12`)
    statement TEXT NOT NULL         -- what the matcher reads
);
CREATE INDEX packages_by_name ON packages (ecosystem, name);
CREATE INDEX packages_by_row ON packages (row);

CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    started INTEGER NOT NULL,
    finished INTEGER,               -- NULL: still running, or interrupted
    what TEXT NOT NULL,
    added INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    older INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0
);

-- What changed, when, by which import. The first version of a record has no row here.
CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    row INTEGER NOT NULL,
    at INTEGER NOT NULL,
    import INTEGER NOT NULL,
    old BLOB NOT NULL,
    new BLOB NOT NULL,
    fields TEXT NOT NULL,
    kind INTEGER NOT NULL,          -- the format of what was replaced
    document BLOB NOT NULL          -- what was replaced, zstd
);
CREATE INDEX history_by_row ON history (row);

-- How far the centre's own journal has been taken over, and by what the search index knows this file.
CREATE TABLE progress (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT INTO progress (name, value) VALUES ('identity', random());

-- What lists say of the records of others. A list is a day of EPSS scores, CWE, or CAPEC.
CREATE TABLE lists (
    name TEXT PRIMARY KEY,          -- epss, cwe, capec; of one view alone its id
    version TEXT,                   -- as the list states it
    at INTEGER,                     -- the day that it is for
    hash BLOB NOT NULL,             -- SHA-256 of the document
    import INTEGER NOT NULL,
    raw BLOB                        -- the document as it came, zstd; NULL where its rows say it all
);
CREATE TABLE likelihoods (
    key TEXT PRIMARY KEY,           -- a CVE id as it is looked up
    probability REAL NOT NULL,
    percentile REAL NOT NULL,
    at INTEGER                      -- the day of the list that said so
) WITHOUT ROWID;
CREATE TABLE attack (
    key TEXT PRIMARY KEY,           -- cwe-79, capec-63
    entry TEXT NOT NULL
) WITHOUT ROWID;
