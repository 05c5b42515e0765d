-- A second factor counts once it was confirmed with a code; until then its secret waits beside.
ALTER TABLE credentials ADD COLUMN totp_offered BLOB;
CREATE TABLE recovery_codes (
    hash BLOB PRIMARY KEY,
    account TEXT NOT NULL
);
CREATE INDEX recovery_codes_account ON recovery_codes (account);

-- Whether a session was opened with a second factor. Nobody knows of those that are open, so their
-- people sign in once more.
ALTER TABLE sessions ADD COLUMN second_factor BIGINT NOT NULL DEFAULT 0;
DELETE FROM sessions WHERE account IS NOT NULL;
