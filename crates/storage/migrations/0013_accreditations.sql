-- A view: what others certify of organisations and people. Issuer and number stand here only where the
-- public register may show them; otherwise they are sealed.
CREATE TABLE accreditations (
    id TEXT PRIMARY KEY,
    organisation TEXT,
    account TEXT,
    scheme TEXT NOT NULL,
    level TEXT,
    scopes TEXT NOT NULL,
    is_public BIGINT NOT NULL,
    issuer TEXT NOT NULL,
    number TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    registered BIGINT NOT NULL,
    checked TEXT,
    checked_at BIGINT,
    withdrawn BIGINT
);
CREATE INDEX accreditations_organisation ON accreditations (organisation, valid_until);
CREATE INDEX accreditations_account ON accreditations (account);
CREATE INDEX accreditations_end ON accreditations (valid_until);
