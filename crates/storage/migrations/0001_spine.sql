-- The journal: events, the Merkle tree over them, and its signed checkpoints.
CREATE TABLE events (
    seq BIGINT PRIMARY KEY,
    stream TEXT NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    canonical BLOB NOT NULL,
    salt BLOB NOT NULL,
    commitment BLOB NOT NULL,
    UNIQUE (stream, version)
);
CREATE TABLE tree_nodes (
    level BIGINT NOT NULL,
    position BIGINT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, position)
);
CREATE TABLE checkpoints (
    size BIGINT PRIMARY KEY,
    note TEXT NOT NULL
);

-- The vault: sealed texts and files, one wrapped key for each compartment (a report or a case).
CREATE TABLE vault_keys (
    compartment TEXT PRIMARY KEY,
    wrapped BLOB NOT NULL
);
CREATE TABLE vault_items (
    id TEXT NOT NULL,
    chunk BIGINT NOT NULL,
    compartment TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (id, chunk)
);
CREATE INDEX vault_items_compartment ON vault_items (compartment);

-- Not derived from the journal: secrets of people, and things that may be forgotten.
CREATE TABLE credentials (
    account TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    totp_sealed BLOB,
    totp_step BIGINT NOT NULL
);
CREATE TABLE invitations (
    hash BLOB PRIMARY KEY,
    account TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE TABLE sessions (
    hash BLOB PRIMARY KEY,
    account TEXT,
    report TEXT,
    expires BIGINT NOT NULL
);
CREATE TABLE tokens (
    hash BLOB PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE TABLE drafts (
    id BLOB PRIMARY KEY,
    sealed BLOB NOT NULL,
    expires BIGINT NOT NULL
);
CREATE TABLE attempts (
    bucket TEXT PRIMARY KEY,
    count BIGINT NOT NULL,
    since BIGINT NOT NULL
);
CREATE TABLE submissions (
    hash BLOB PRIMARY KEY,
    report TEXT NOT NULL
);

-- Views. They hold no text of the vault and can be rebuilt from the journal at any time.
CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    roles TEXT NOT NULL,
    organisation TEXT,
    active BIGINT NOT NULL
);
CREATE TABLE organisations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    mandate TEXT NOT NULL
);
CREATE TABLE deadlines (
    subject TEXT NOT NULL,
    debtor TEXT NOT NULL,
    regarding TEXT NOT NULL,
    profile TEXT NOT NULL,
    duty TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    due BIGINT,
    reference BIGINT NOT NULL,
    PRIMARY KEY (subject, debtor, regarding, profile, duty)
);
CREATE INDEX deadlines_due ON deadlines (state, due);
CREATE TABLE reports (
    id TEXT PRIMARY KEY,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    received BIGINT NOT NULL,
    state TEXT NOT NULL,
    case_id TEXT,
    exploited BIGINT NOT NULL,
    public BIGINT NOT NULL,
    claim_hash BLOB NOT NULL UNIQUE,
    UNIQUE (year, number)
);
CREATE INDEX reports_case ON reports (case_id);
CREATE INDEX reports_state ON reports (state, received);
CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    code_name TEXT NOT NULL,
    opened BIGINT NOT NULL,
    stage TEXT NOT NULL,
    pxa TEXT NOT NULL,
    embargo TEXT NOT NULL,
    embargo_end BIGINT,
    severity BIGINT,
    triage TEXT,
    published BIGINT,
    UNIQUE (year, number)
);
CREATE INDEX cases_stage ON cases (stage, opened);
CREATE INDEX cases_embargo ON cases (embargo, embargo_end);
CREATE TABLE participants (
    case_id TEXT NOT NULL,
    organisation TEXT NOT NULL,
    rm TEXT NOT NULL,
    consent TEXT NOT NULL,
    vfd TEXT NOT NULL,
    invited BIGINT NOT NULL,
    told BIGINT,
    PRIMARY KEY (case_id, organisation)
);
CREATE INDEX participants_organisation ON participants (organisation);
CREATE TABLE reads (
    seq BIGINT PRIMARY KEY,
    subject TEXT NOT NULL,
    at BIGINT NOT NULL,
    account TEXT,
    role TEXT NOT NULL,
    organisation TEXT,
    purpose TEXT NOT NULL,
    items BIGINT NOT NULL
);
CREATE INDEX reads_subject ON reads (subject, seq);
CREATE TABLE advisories (
    case_id TEXT PRIMARY KEY,
    revision BIGINT NOT NULL,
    state TEXT NOT NULL,
    published_seq BIGINT,
    published BIGINT
);
CREATE INDEX advisories_published ON advisories (published_seq);
