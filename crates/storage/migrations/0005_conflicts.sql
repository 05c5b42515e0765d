-- A view: rules that contradict each other on a subject, and whether a person has decided.
CREATE TABLE conflicts (
    subject TEXT NOT NULL,
    debtor TEXT NOT NULL,
    forbids TEXT NOT NULL,
    prohibition TEXT NOT NULL,
    orders TEXT NOT NULL,
    duty TEXT NOT NULL,
    raised BIGINT NOT NULL,
    decided BIGINT,
    PRIMARY KEY (subject, debtor, forbids, prohibition, orders, duty)
);
CREATE INDEX conflicts_undecided ON conflicts (raised, subject) WHERE decided IS NULL;
