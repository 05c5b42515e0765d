-- The person behind each account. Accounts that are here already are persons of their own, known by
-- the account's id, until an administrator says otherwise.
ALTER TABLE accounts ADD COLUMN person TEXT NOT NULL DEFAULT '';
UPDATE accounts SET person = id;
CREATE INDEX accounts_person ON accounts (person);
