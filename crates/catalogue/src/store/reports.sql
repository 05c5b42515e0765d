-- Why a record no longer stands, where that is known.
CREATE TABLE IF NOT EXISTS tombstones (row INTEGER PRIMARY KEY, reason TEXT NOT NULL);

-- What became of each import, bad documents and all, as JSON; and of which source it was.
CREATE TABLE IF NOT EXISTS reports (
    import INTEGER PRIMARY KEY,
    source TEXT NOT NULL,           -- the name of a source that is imported by itself, or empty
    report TEXT NOT NULL
);

-- The sources that are imported by themselves, as of their last turn.
CREATE TABLE IF NOT EXISTS turns (
    source TEXT PRIMARY KEY,
    began INTEGER NOT NULL,
    ended INTEGER,                  -- NULL: still at it, or interrupted
    import INTEGER,                 -- NULL: nothing new, or nothing could be fetched
    error TEXT,                     -- why nothing could be fetched
    tag TEXT,                       -- what the server calls what was fetched last (ETag)
    dated TEXT                      -- and when it was changed, in its words (Last-Modified)
);
