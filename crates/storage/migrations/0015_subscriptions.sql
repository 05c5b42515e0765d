-- What somebody with an account wants to hear of. Not from the journal: it is nobody's act but a wish, and
-- can be forgotten. What it is about, and what was found of it, is sealed.
CREATE TABLE subscriptions (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    is_bill BIGINT NOT NULL,
    made BIGINT NOT NULL,
    sealed BLOB NOT NULL,
    looked BIGINT,
    state TEXT NOT NULL,
    told BLOB
);
CREATE INDEX subscriptions_account ON subscriptions (account, made);
CREATE INDEX subscriptions_looked ON subscriptions (is_bill, looked);
