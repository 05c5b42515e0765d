-- A view: drills, which are in no other list.
CREATE TABLE drills (
    id TEXT PRIMARY KEY,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    started BIGINT NOT NULL,
    ended BIGINT,
    UNIQUE (year, number)
);
