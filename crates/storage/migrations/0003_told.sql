-- The time of a clock and what is said of it: where it started, whether its date is a deadline, when
-- the next person is told, and who was. `open_due` is the date by which lists are sorted; it is null
-- for whatever is not owed or only shown to compare, so that its index holds what lists show.
ALTER TABLE deadlines ADD COLUMN started BIGINT;
ALTER TABLE deadlines ADD COLUMN prompt BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deadlines ADD COLUMN open_due BIGINT;
ALTER TABLE deadlines ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deadlines ADD COLUMN next_step BIGINT;
CREATE INDEX deadlines_open ON deadlines (open_due, subject, duty, debtor, regarding) WHERE open_due IS NOT NULL;
CREATE INDEX deadlines_next_step ON deadlines (next_step) WHERE next_step IS NOT NULL;

-- A view: what was told of which clock, once for each step of each date.
CREATE TABLE escalations (
    subject TEXT NOT NULL,
    debtor TEXT NOT NULL,
    regarding TEXT NOT NULL,
    profile TEXT NOT NULL,
    duty TEXT NOT NULL,
    due BIGINT NOT NULL,
    percent BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (subject, debtor, regarding, profile, duty, due, percent)
);
-- A view: the same by the person who was told. Mail will read it by `seq`.
CREATE TABLE notices (
    account TEXT NOT NULL,
    seq BIGINT NOT NULL,
    subject TEXT NOT NULL,
    debtor TEXT NOT NULL,
    regarding TEXT NOT NULL,
    profile TEXT NOT NULL,
    duty TEXT NOT NULL,
    due BIGINT NOT NULL,
    percent BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account, seq)
);
-- A view: the harmless name of a subject, and the coordinator who looks after its clocks.
CREATE TABLE subjects (
    subject TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    keeper TEXT
);

-- Views that a step of the schema has changed. The program that opens the database makes them anew
-- from the journal, once, and forgets the mark.
CREATE TABLE stale_views (
    step BIGINT PRIMARY KEY
);
INSERT INTO stale_views (step) VALUES (3);
