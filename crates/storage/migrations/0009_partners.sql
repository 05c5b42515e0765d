-- Views: partners of the programme, from their enquiry on, and who was asked to assess them.
CREATE TABLE partners (
    id TEXT PRIMARY KEY,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    organisation TEXT,
    programme TEXT NOT NULL,
    life TEXT NOT NULL,
    level TEXT,
    since BIGINT NOT NULL,
    active_since BIGINT,
    until BIGINT,
    appeal BIGINT NOT NULL,
    next_step BIGINT,
    UNIQUE (year, number)
);
CREATE INDEX partners_life ON partners (life, since);
CREATE INDEX partners_organisation ON partners (organisation);
CREATE INDEX partners_next_step ON partners (next_step) WHERE next_step IS NOT NULL;
CREATE TABLE partner_assessors (
    partner TEXT NOT NULL,
    account TEXT NOT NULL,
    marked BIGINT NOT NULL,
    PRIMARY KEY (partner, account)
);
CREATE INDEX partner_assessors_account ON partner_assessors (account);
