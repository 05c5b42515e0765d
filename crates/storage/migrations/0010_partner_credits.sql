-- Views: what counts for partners. A find follows its report and its case, an alert its review.
CREATE TABLE partner_finds (
    report TEXT PRIMARY KEY,
    partner TEXT NOT NULL,
    claimed BIGINT NOT NULL,
    novel BIGINT,
    reach TEXT,
    contested BIGINT NOT NULL,
    original TEXT,
    case_id TEXT,
    told BIGINT,
    outcome TEXT,
    outcome_at BIGINT,
    severity TEXT,
    joint BIGINT NOT NULL
);
CREATE INDEX partner_finds_partner ON partner_finds (partner, claimed);
CREATE INDEX partner_finds_case ON partner_finds (case_id);
CREATE INDEX partner_finds_original ON partner_finds (original);
CREATE TABLE partner_alerts (
    partner TEXT NOT NULL,
    number BIGINT NOT NULL,
    sent BIGINT NOT NULL,
    reviewed BIGINT,
    timely BIGINT,
    confirmed BIGINT,
    severity TEXT,
    PRIMARY KEY (partner, number)
);
-- A view: certificates, for whoever checks one by its number.
CREATE TABLE partner_certificates (
    serial TEXT PRIMARY KEY,
    partner TEXT NOT NULL,
    level TEXT NOT NULL,
    issued BIGINT NOT NULL,
    until BIGINT NOT NULL,
    revoked BIGINT
);
CREATE INDEX partner_certificates_partner ON partner_certificates (partner);
