-- A view: what the centre asks of partners.
CREATE TABLE partner_requests (
    id TEXT PRIMARY KEY,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    partner TEXT NOT NULL,
    asks TEXT NOT NULL,
    purpose TEXT NOT NULL,
    stage TEXT NOT NULL,
    sent BIGINT NOT NULL,
    due BIGINT NOT NULL,
    delivered BIGINT,
    UNIQUE (year, number)
);
CREATE INDEX partner_requests_partner ON partner_requests (partner, stage);
