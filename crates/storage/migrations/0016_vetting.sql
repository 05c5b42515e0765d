-- Views: the need-to-know register, what classified cases ask for, and who is let in from when until when.
CREATE TABLE register (
    person TEXT PRIMARY KEY,
    since BIGINT NOT NULL,
    -- Names of functions that are not confidential, between commas.
    functions TEXT NOT NULL,
    briefed_until BIGINT,
    nda_until BIGINT,
    review BIGINT,
    declared_year BIGINT,
    -- Whether a clearance, an interest, a declaration or a request waits for a security officer.
    waiting BIGINT NOT NULL,
    restricted BIGINT NOT NULL
);
CREATE TABLE clearances (
    person TEXT NOT NULL,
    scheme TEXT NOT NULL,
    level TEXT NOT NULL,
    authority TEXT NOT NULL,
    granted BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (person, scheme)
);
CREATE INDEX clearances_until ON clearances (until);
CREATE TABLE memberships (
    person TEXT NOT NULL,
    case_id TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    PRIMARY KEY (person, case_id)
);
CREATE INDEX memberships_case ON memberships (case_id);
CREATE TABLE interests (
    person TEXT NOT NULL,
    case_id TEXT NOT NULL,
    declared BIGINT NOT NULL,
    outcome TEXT,
    is_out BIGINT NOT NULL,
    PRIMARY KEY (person, case_id)
);
CREATE INDEX interests_case ON interests (case_id);
CREATE TABLE classified (
    case_id TEXT PRIMARY KEY,
    scheme TEXT NOT NULL,
    level TEXT NOT NULL,
    since BIGINT NOT NULL
);
-- Cleared, a member and briefed, all at once: from, and until, itself not included.
CREATE TABLE admissions (
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (case_id, person, since)
);
-- Under which numbers a case is known: its own, its reports', those of cases that became part of it.
CREATE TABLE case_parts (
    subject TEXT PRIMARY KEY,
    case_id TEXT NOT NULL
);
CREATE INDEX case_parts_case ON case_parts (case_id);
-- Which ladders of clearances the views were made with.
CREATE TABLE ladders_in_use (
    hash TEXT NOT NULL
);
DELETE FROM stale_views WHERE step = 16;
INSERT INTO stale_views (step) VALUES (16);
